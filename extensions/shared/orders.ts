import {askAsBuyer} from './buyer';

export type State = 'paid' | 'packing' | 'moving' | 'arrived' | 'problem';

/** `headline` is a sentence for the buyer, `url` the order's tracking page or null. Every text is ready to be read. */
type Head = {name: string; placed: string; state: State; headline: string; url: string | null};

/** An order among others; `parcels` and `returns` are counts, the latter of the open ones. */
export type Row = Head & {id: number; parcels: number; returns: number};

/** A page of orders; `older` names the next one, null on the last. `look_up` is the storefront's page for guests. */
export type Page = {orders: Row[]; older: string | null; look_up: string};

/** The app does not know who is logged in. */
export type Refusal = {error: string; look_up: string};

export type Scan = {words: string; message: string | null; time: string; iso: string; place: string};

export type Parcel = {
  title: string;
  status: string;
  state: State;
  expected: string | null;
  promised_first: string | null;
  arrived: string | null;
  carrier: string | null;
  numbers: {number: string | null; url: string | null}[];
  items: {title: string; variant: string | null; quantity: number}[];
  scans: Scan[]; // newest first
};

/** One order with everything about it; a door without `url` only tells how things stand. */
export type Order = Head & {
  destination: string;
  parts: string[];
  parcels: Parcel[];
  guide: string[];
  questions: {question: string; answer: string}[];
  doors: {words: string; url: string | null; note: string | null}[];
  shop: {name: string; email: string | null};
};

/** Seconds before each try. A page can be faster than the webhook that brings the order to the app. */
const PAUSES = [0, 1, 2, 4, 8];

/**
 * The order with this gid as the app knows it; null when the app refuses, or knows nothing after the last try.
 * Where nobody is logged in, `checkoutToken` proves the buyer.
 */
export async function find(gid: string, checkoutToken?: string): Promise<Order | null> {
  for (const pause of PAUSES) {
    await sleep(pause);
    const answer = await askAsBuyer(`/account/orders/${digits(gid)}`, {checkout_token: checkoutToken});
    if (answer?.ok) return answer.json();
    if (answer?.status === 401) return null;
  }
  return null;
}

/** A page of the buyer's orders, from the newest when `older` is null; null when the app gave no answer. */
export async function list(older: string | null): Promise<Page | Refusal | null> {
  const answer = await askAsBuyer('/account/orders', {older: older ?? undefined});
  return answer?.ok || answer?.status === 403 ? answer.json() : null;
}

export function digits(gid: string): string {
  return gid.replace(/\D/g, '');
}

function sleep(seconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, seconds * 1000));
}
