import type {Parcel, Scan} from '../../shared/orders';
import {ParcelFacts} from '../../shared/ParcelFacts';

/** Scans that are shown at once; older ones open by a click. As many as on the storefront's page. */
const NEWEST = 4;

export function ParcelCard({parcel}: {parcel: Parcel}) {
  return (
    <s-section accessibilityLabel={parcel.title}>
      <s-stack gap="base">
        <ParcelFacts parcel={parcel} />
        {parcel.items.length > 0 && <Contents items={parcel.items} />}
        <Journey scans={parcel.scans} />
      </s-stack>
    </s-section>
  );
}

function Contents({items}: {items: Parcel['items']}) {
  return (
    <s-stack gap="small-200">
      <s-text type="strong">{shopify.i18n.translate('contents')}</s-text>
      <s-unordered-list>
        {items.map(({title, variant, quantity}) => (
          <s-list-item key={title + variant}>
            {quantity} × {variant ? `${title} (${variant})` : title}
          </s-list-item>
        ))}
      </s-unordered-list>
    </s-stack>
  );
}

function Journey({scans}: {scans: Scan[]}) {
  const {i18n} = shopify;
  if (scans.length === 0) return <s-text color="subdued">{i18n.translate('no_scans')}</s-text>;
  const earlier = scans.slice(NEWEST);
  return (
    <s-stack gap="small-200">
      <s-text type="strong">{i18n.translate('scans')}</s-text>
      <Scans scans={scans.slice(0, NEWEST)} />
      {earlier.length > 0 && (
        <s-details>
          <s-summary>{i18n.translate('earlier', {count: earlier.length})}</s-summary>
          <Scans scans={earlier} />
        </s-details>
      )}
    </s-stack>
  );
}

function Scans({scans}: {scans: Scan[]}) {
  return (
    <s-stack gap="base" accessibilityRole="ordered-list">
      {scans.map(({words, message, time, iso, place}) => (
        <s-stack key={iso + words} gap="none" accessibilityRole="list-item">
          <s-text>{place ? `${words} · ${place}` : words}</s-text>
          <s-time dateTime={iso}>{time}</s-time>
          {message && <s-text color="subdued">{message}</s-text>}
        </s-stack>
      ))}
    </s-stack>
  );
}
