import {useEffect, useState} from 'preact/hooks';

import {list, type Page, type Refusal, type Row} from '../../shared/orders';

export type Stage = 'looking' | 'found' | 'refused' | 'failed';

type Orders = {
  stage: Stage;
  rows: Row[];
  isLast: boolean;
  /** The storefront's page for guests; null before the app has told it. */
  lookUp: string | null;
  /** Asks for the next orders, or once more for those that did not come. */
  load: () => void;
};

/** The buyer's orders as far as they have been asked for. */
export function useOrders(): Orders {
  const [stage, setStage] = useState<Stage>('looking');
  const [rows, setRows] = useState<Row[]>([]);
  const [older, setOlder] = useState<string | null>(null);
  const [lookUp, setLookUp] = useState<string | null>(null);

  const take = (answer: Page | Refusal | null) => {
    if (answer === null) return setStage('failed');
    setLookUp(answer.look_up);
    if ('error' in answer) return setStage('refused');
    setRows([...rows, ...answer.orders]);
    setOlder(answer.older);
    setStage('found');
  };
  const load = () => {
    setStage('looking');
    list(older).then(take).catch(() => setStage('failed'));
  };
  useEffect(load, []);
  return {stage, rows, isLast: older === null, lookUp, load};
}
