import type {Row} from '../../shared/orders';
import {Sentence} from '../../shared/Sentence';

/** One order of the list. Links say which order they lead to, for who hears them one after the other. */
export function OrderRow({row}: {row: Row}) {
  const {translate} = shopify.i18n;
  const {name, parcels, returns} = row;
  return (
    <s-section heading={translate('order', {name})}>
      <s-stack gap="base">
        <Sentence of={row} />
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-text color="subdued">{row.placed}</s-text>
          {parcels > 0 && <s-badge>{translate('parcels', {count: parcels})}</s-badge>}
          {returns > 0 && <s-badge>{translate('returns', {count: returns})}</s-badge>}
        </s-stack>
        <s-stack direction="inline" gap="base" alignItems="center">
          {row.url && (
            <s-button href={row.url} accessibilityLabel={translate('track_named', {name})}>
              {translate('track')}
            </s-button>
          )}
          <s-link
            href={`shopify:customer-account/orders/${row.id}`}
            accessibilityLabel={translate('details_named', {name})}
          >
            {translate('details')}
          </s-link>
        </s-stack>
      </s-stack>
    </s-section>
  );
}
