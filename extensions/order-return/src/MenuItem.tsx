import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useEffect, useState} from 'preact/hooks';

import {askShopify} from '../../shared/customerApi';

type Answer = {order: {returnInformation: {returnableLineItems: {nodes: {quantity: number}[]}}} | null};

const WHAT_CAN_COME_BACK = /* customer */ `query WhatCanComeBack($id: ID!) {
  order(id: $id) { returnInformation { returnableLineItems(first: 1) { nodes { quantity } } } }
}`;

export default async () => {
  render(<MenuItem />, document.body);
};

/** Only beside an order of which something was sent. Where Shopify does not say, the dialog behind the button does. */
function MenuItem() {
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    askShopify<Answer>(WHAT_CAN_COME_BACK, {id: shopify.orderId}).then((told) =>
      setOffered(!told || Boolean(told.order?.returnInformation.returnableLineItems.nodes.length)),
    );
  }, []);
  if (!isOffered) return null;
  return <s-button>{String(shopify.settings.value.label || shopify.i18n.translate('label'))}</s-button>;
}
