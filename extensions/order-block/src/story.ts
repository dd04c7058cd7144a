import {ask} from '../../shared/ask';

export type Event = {words: string; place: string; time: string; parcel: string | null};

/** `state` is what came of it, `outcome` and `why` say so in words. */
export type Message = {name: string; state: string; outcome: string; why: string};

/** An order as staff see it, in their language; newest events first. `url` is its page in the app. */
export type Story = {headline: string; events: Event[]; messages: Message[]; url: string};

/** null when the app does not know the order with this gid; throws when it does not answer. */
export async function read(gid: string): Promise<Story | null> {
  const path = `/orders/${gid.replace(/\D/g, '')}/block`;
  const answer = await ask(path, () => shopify.auth.idToken(), {locale: shopify.i18n.translate('language')});
  if (answer?.status === 404) return null;
  if (!answer?.ok) throw new Error('no answer');
  return answer.json();
}
