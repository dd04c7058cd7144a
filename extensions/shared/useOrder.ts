import {useEffect, useState} from 'preact/hooks';

import {find, type Order} from './orders';

type Asked = {
  /** undefined while we ask, null when the app does not know the order. */
  order: Order | null | undefined;
  askAgain: () => void;
};

/** `orderId` is undefined before the order exists; `checkoutToken` as in `find`. */
export function useOrder(orderId: string | undefined, checkoutToken?: string): Asked {
  const [order, setOrder] = useState<Order | null>();
  const askAgain = () => {
    setOrder(undefined);
    if (orderId) find(orderId, checkoutToken).then(setOrder, () => setOrder(null));
  };
  useEffect(askAgain, [orderId]);
  return {order: orderId ? order : null, askAgain};
}
