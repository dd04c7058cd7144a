import {appAddress} from './address';

const PATIENCE = 8; // seconds for one answer

/** What `token` gives proves who asks; `query` leaves out what is undefined. Null when no answer came. */
export async function ask(
  path: string,
  token: () => Promise<string | null>,
  query: Record<string, string | undefined>,
): Promise<Response | null> {
  const url = new URL(appAddress() + path);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  try {
    const headers = {Authorization: `Bearer ${await token()}`};
    return await fetch(url, {headers, signal: AbortSignal.timeout(PATIENCE * 1000)});
  } catch {
    return null;
  }
}
