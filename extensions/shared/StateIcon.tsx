/// <reference types="@shopify/ui-extensions/customer-account.order.page.render" />
import type {State} from './orders';

const ICONS = {
  paid: 'check-circle',
  packing: 'order',
  moving: 'delivery',
  arrived: 'delivered',
  problem: 'alert-circle',
} as const;

/** A state that this bundle does not know yet has an icon too. */
export function StateIcon({state}: {state: State}) {
  return <s-icon type={ICONS[state] ?? 'info'} tone={state === 'problem' ? 'critical' : 'auto'} />;
}
