import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import type {Order} from '../../shared/orders';
import {ParcelFacts} from '../../shared/ParcelFacts';
import {Sentence} from '../../shared/Sentence';
import {useOrder} from '../../shared/useOrder';

export default async () => {
  render(<Dialog />, document.body);
};

function Dialog() {
  const {i18n} = shopify;
  const {order, askAgain} = useOrder(shopify.orderId);
  return (
    <s-customer-account-action heading={i18n.translate('title')}>
      <s-stack gap="large">
        <s-stack accessibilityRole="status">
          <Line order={order} />
        </s-stack>
        {order === undefined && <s-skeleton-paragraph />}
        {order?.parcels.map((parcel) => (
          <ParcelFacts key={parcel.title} parcel={parcel} />
        ))}
      </s-stack>
      {order?.url && (
        <s-button slot="primary-action" href={order.url}>
          {i18n.translate('track')}
        </s-button>
      )}
      {order === null && (
        <s-button slot="primary-action" onClick={askAgain}>
          {i18n.translate('try_again')}
        </s-button>
      )}
      <s-button slot="secondary-actions" onClick={() => shopify.close()}>
        {i18n.translate('close')}
      </s-button>
    </s-customer-account-action>
  );
}

/** In one live region with what comes after it, so that a screen reader hears every change. */
function Line({order}: {order: Order | null | undefined}) {
  if (order) return <Sentence of={order} />;
  return <s-text>{order === null ? shopify.i18n.translate('not_yet') : shopify.i18n.translate('looking')}</s-text>;
}
