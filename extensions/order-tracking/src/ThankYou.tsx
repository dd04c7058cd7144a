import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {OrderTracking} from './OrderTracking';

export default async () => {
  render(<ThankYou />, document.body);
};

function ThankYou() {
  return <OrderTracking orderId={shopify.orderConfirmation.value.order.id} />;
}
