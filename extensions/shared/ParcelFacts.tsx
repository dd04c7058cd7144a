/// <reference types="@shopify/ui-extensions/customer-account.order.page.render" />
import type {ComponentChildren} from 'preact';

import type {Buyer} from './buyer';
import type {Parcel} from './orders';

declare const shopify: Buyer;

/** Where one parcel is, when it comes, and by whom. */
export function ParcelFacts({parcel}: {parcel: Parcel}) {
  const {i18n} = shopify;
  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-heading>{parcel.title}</s-heading>
        <s-badge tone={parcel.state === 'problem' ? 'critical' : 'auto'}>{parcel.status}</s-badge>
      </s-stack>
      {parcel.arrived && <Fact label={i18n.translate('arrived')}>{parcel.arrived}</Fact>}
      {!parcel.arrived && parcel.expected && <Fact label={i18n.translate('expected')}>{parcel.expected}</Fact>}
      {parcel.promised_first && <Fact label={i18n.translate('promised_first')}>{parcel.promised_first}</Fact>}
      {parcel.carrier && <Fact label={i18n.translate('carrier')}>{parcel.carrier}</Fact>}
      {parcel.numbers.map(({number, url}) => (
        <Fact key={number ?? url} label={i18n.translate('number')}>
          {url ? <s-link href={url}>{number || i18n.translate('at_carrier')}</s-link> : number}
        </Fact>
      ))}
    </s-stack>
  );
}

function Fact({label, children}: {label: string; children: ComponentChildren}) {
  return (
    <s-stack direction="inline" gap="small-200">
      <s-text color="subdued">{label}</s-text>
      <s-text>{children}</s-text>
    </s-stack>
  );
}
