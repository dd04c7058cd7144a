import {appAddress} from './address';

export type State = 'paid' | 'packing' | 'moving' | 'arrived' | 'problem';

/** What the app tells about an order: `headline` is a sentence for the buyer, `url` its tracking page or null. */
export type Order = {state: State; headline: string; url: string | null};

/** Seconds before each try. A page can be faster than the webhook that brings the order to the app. */
const PAUSES = [0, 1, 2, 4, 8];
const PATIENCE = 8; // seconds for one answer

/** The order with this gid as the app knows it; null when the app refuses, or knows nothing after the last try. */
export async function find(gid: string): Promise<Order | null> {
  for (const pause of PAUSES) {
    await sleep(pause);
    const answer = await ask(gid);
    if (answer?.ok) return answer.json();
    if (answer?.status === 401) return null;
  }
  return null;
}

/** One request, with a token of its own because a token lives for minutes only; null when no answer came. */
async function ask(gid: string): Promise<Response | null> {
  const url = new URL(`${appAddress()}/account/orders/${gid.replace(/\D/g, '')}`);
  const checkoutToken = shopify.checkoutToken.value;
  if (checkoutToken) url.searchParams.set('checkout_token', checkoutToken);
  try {
    const headers = {Authorization: `Bearer ${await shopify.sessionToken.get()}`};
    return await fetch(url, {headers, signal: AbortSignal.timeout(PATIENCE * 1000)});
  } catch {
    return null;
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, seconds * 1000));
}
