import type {ComponentChildren} from 'preact';

import {lookUpAddress} from '../../shared/lookup';
import {StateIcon} from '../../shared/StateIcon';
import {useOrder} from '../../shared/useOrder';

/** How one order is doing, in one line, and the way to its tracking page. `orderId` is undefined before it exists. */
export function OrderTracking({orderId}: {orderId: string | undefined}) {
  const {order} = useOrder(orderId, shopify.checkoutToken.value);
  if (order === undefined) return <Block icon={<s-spinner />} line={shopify.i18n.translate('looking')} />;
  if (order === null) return <Block line={shopify.i18n.translate('not_yet')} ways={<LookUp />} />;
  const ways = order.url ? <Track url={order.url} /> : <LookUp />;
  return <Block icon={<StateIcon state={order.state} />} line={order.headline} ways={ways} />;
}

type BlockProps = {icon?: ComponentChildren; line: string; ways?: ComponentChildren};

/** The frame around every state; one live region, so that a screen reader hears the line when it changes. */
export function Block({icon, line, ways}: BlockProps) {
  const columns = icon ? 'auto 1fr' : '1fr';
  return (
    <s-section heading={shopify.i18n.translate('title')}>
      <s-stack gap="base">
        <s-grid gridTemplateColumns={columns} gap="small" alignItems="center" accessibilityRole="status">
          {icon}
          <s-text>{line}</s-text>
        </s-grid>
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
