/// <reference types="@shopify/ui-extensions/customer-account.order.page.render" />
import type {Order, Row} from './orders';
import {StateIcon} from './StateIcon';

/** How an order is doing, in one line. */
export function Sentence({of}: {of: Order | Row}) {
  return (
    <s-stack direction="inline" gap="small" alignItems="center">
      <StateIcon state={of.state} />
      <s-text type="strong">{of.headline}</s-text>
    </s-stack>
  );
}
