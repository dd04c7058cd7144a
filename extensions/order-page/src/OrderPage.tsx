import '@shopify/ui-extensions/preact';
import type {ComponentChildren} from 'preact';
import {render} from 'preact';

import {lookUpAddress} from '../../shared/lookup';
import {digits, type Order} from '../../shared/orders';
import {Sentence} from '../../shared/Sentence';
import {useOrder} from '../../shared/useOrder';
import {Guide, Questions} from './Advice';
import {Contact} from './Contact';
import {Doors} from './Doors';
import {ParcelCard} from './ParcelCard';

export default async () => {
  render(<OrderPage />, document.body);
};

function OrderPage() {
  if (shopify.authenticationState.value !== 'fully_authenticated') return <Locked />;
  return <KnownOrder />;
}

function KnownOrder() {
  const {i18n} = shopify;
  const {order, askAgain} = useOrder(shopify.order.value?.id, shopify.checkoutToken.value);
  if (order) return <Found order={order} />;
  const looking = <s-text>{i18n.translate('looking')}</s-text>;
  if (order === undefined) return <Frame line={looking} below={<s-skeleton-paragraph />} />;
  const again = <s-button onClick={askAgain}>{i18n.translate('try_again')}</s-button>;
  return <Frame line={<s-text>{i18n.translate('not_yet')}</s-text>} below={<Ways>{again}</Ways>} />;
}

/** Whoever holds a link to this page, perhaps a forwarded one, is not yet the buyer: the app is asked nothing. */
function Locked() {
  const {i18n} = shopify;
  const logIn = <s-button onClick={() => shopify.requireLogin()}>{i18n.translate('log_in')}</s-button>;
  return <Frame line={<s-text>{i18n.translate('locked')}</s-text>} below={<Ways>{logIn}</Ways>} />;
}

function Found({order}: {order: Order}) {
  return (
    <Frame order={order} line={<Sentence of={order} />} below={<Parts order={order} />}>
      {order.parcels.map((parcel) => (
        <ParcelCard key={parcel.title} parcel={parcel} />
      ))}
      <Doors doors={order.doors} />
      <Guide steps={order.guide} />
      {!shopify.settings.value.hide_questions && <Questions questions={order.questions} />}
      <Contact shop={order.shop} />
    </Frame>
  );
}

type FrameProps = {order?: Order; line: ComponentChildren; below: ComponentChildren; children?: ComponentChildren};

/** Around every state; one live region, so that a screen reader hears the line when it changes. */
function Frame({order, line, below, children}: FrameProps) {
  const {i18n} = shopify;
  const orderId = shopify.order.value?.id;
  return (
    <s-page
      heading={order ? i18n.translate('order', {name: order.name}) : i18n.translate('title')}
      subheading={order && i18n.translate('placed', {date: order.placed})}
    >
      {orderId && <Back orderId={orderId} />}
      {order?.url && (
        <s-button slot="secondary-actions" href={order.url}>
          {i18n.translate('track')}
        </s-button>
      )}
      <s-stack gap="large">
        <s-section>
          <s-stack gap="base">
            <s-stack accessibilityRole="status">{line}</s-stack>
            {below}
          </s-stack>
        </s-section>
        {children}
      </s-stack>
    </s-page>
  );
}

function Back({orderId}: {orderId: string}) {
  const href = `shopify:customer-account/orders/${digits(orderId)}`;
  return <s-button slot="breadcrumb-actions" href={href} accessibilityLabel={shopify.i18n.translate('back')} />;
}

/** A sentence for each part of the order, and where it goes. */
function Parts({order}: {order: Order}) {
  return (
    <>
      {order.parts.map((part) => (
        <s-text key={part}>{part}</s-text>
      ))}
      {order.destination && (
        <s-text color="subdued">{shopify.i18n.translate('goes_to', {place: order.destination})}</s-text>
      )}
    </>
  );
}

/** One thing to do while there is nothing to see, and the way that is always open. */
function Ways({children}: {children: ComponentChildren}) {
  return (
    <s-stack direction="inline" gap="base" alignItems="center">
      {children}
      <s-link href={lookUpAddress()}>{shopify.i18n.translate('look_up')}</s-link>
    </s-stack>
  );
}
