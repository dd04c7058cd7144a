import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {Block, LookUp, OrderTracking} from './OrderTracking';

export default async () => {
  render(<OrderStatus />, document.body);
};

function OrderStatus() {
  if (shopify.authenticationState.value !== 'fully_authenticated') return <Locked />;
  return <OrderTracking orderId={shopify.order.value?.id} />;
}

/** Whoever holds the link of this page, perhaps a forwarded one, is not yet the buyer: the app is asked nothing. */
function Locked() {
  const ways = (
    <>
      <s-button onClick={() => shopify.requireLogin()}>{shopify.i18n.translate('log_in')}</s-button>
      <LookUp />
    </>
  );
  return <Block line={shopify.i18n.translate('locked')} ways={ways} />;
}
