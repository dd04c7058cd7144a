/// <reference types="@shopify/ui-extensions/customer-account.order.page.render" />
import type {Order, Row} from './orders';
import {StateIcon} from './StateIcon';

/** How an order is doing; on a phone the sentence breaks beside its icon, not below it. */
export function Sentence({of}: {of: Order | Row}) {
  return (
    <s-grid gridTemplateColumns="auto 1fr" gap="small" alignItems="center">
      <StateIcon state={of.state} />
      <s-text type="strong">{of.headline}</s-text>
    </s-grid>
  );
}
