import type {ComponentChildren} from 'preact';
import {useEffect, useState} from 'preact/hooks';

import {lookUpAddress} from './address';
import {find, type Order} from './order';

const ICONS = {
  paid: 'check-circle',
  packing: 'order',
  moving: 'delivery',
  arrived: 'delivered',
  problem: 'alert-circle',
} as const;

/** How one order is doing, in one line, and the way to its tracking page. `orderId` is undefined before it exists. */
export function OrderTracking({orderId}: {orderId: string | undefined}) {
  const order = useOrder(orderId);
  if (order === undefined) return <Block icon={<s-spinner />} line={shopify.i18n.translate('looking')} />;
  if (order === null) return <Block line={shopify.i18n.translate('not_yet')} ways={<LookUp />} />;
  const icon = <s-icon type={ICONS[order.state] ?? 'info'} tone={order.state === 'problem' ? 'critical' : 'auto'} />;
  return <Block icon={icon} line={order.headline} ways={order.url ? <Track url={order.url} /> : <LookUp />} />;
}

type BlockProps = {icon?: ComponentChildren; line: string; ways?: ComponentChildren};

/** The frame around every state; one live region, so that a screen reader hears the line when it changes. */
export function Block({icon, line, ways}: BlockProps) {
  return (
    <s-section heading={shopify.i18n.translate('title')}>
      <s-stack gap="base">
        <s-stack direction="inline" gap="small" alignItems="center" accessibilityRole="status">
          {icon}
          <s-text>{line}</s-text>
        </s-stack>
        {ways}
      </s-stack>
    </s-section>
  );
}

/** The way that is always open: the page on which buyers prove who they are and find their order. */
export function LookUp() {
  return <s-link href={lookUpAddress()}>{shopify.i18n.translate('look_up')}</s-link>;
}

function Track({url}: {url: string}) {
  return <s-button href={url}>{shopify.i18n.translate('track')}</s-button>;
}

/** undefined while we ask, null when the app does not know the order. */
function useOrder(orderId: string | undefined): Order | null | undefined {
  const [order, setOrder] = useState<Order | null>();
  useEffect(() => {
    if (orderId) find(orderId).then(setOrder, () => setOrder(null));
  }, [orderId]);
  return orderId ? order : null;
}
