import {appAddress} from './address';

const PATIENCE = 8; // seconds for one answer
const LONG_PATIENCE = 25; // for one that Shopify has to be asked for

/** What `token` gives proves who asks; `query` leaves out what is undefined. Null when no answer came. */
export async function ask(
  path: string,
  token: () => Promise<string | null>,
  query: Record<string, string | undefined>,
  sent?: RequestInit,
): Promise<Response | null> {
  const url = new URL(appAddress() + path);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  try {
    const headers = {...sent?.headers, Authorization: `Bearer ${await token()}`};
    const seconds = sent ? LONG_PATIENCE : PATIENCE;
    return await fetch(url, {...sent, headers, signal: AbortSignal.timeout(seconds * 1000)});
  } catch {
    return null;
  }
}
