import type {StandardApi} from '@shopify/ui-extensions/customer-account';

import {ask} from './ask';

/** What Shopify gives to each of our extensions for buyers. */
export type Buyer = Pick<StandardApi, 'i18n' | 'localization' | 'sessionToken'>;

declare const shopify: Buyer;

/** As the buyer who looks at this page, in the language that the extension's own words are in. */
export function askAsBuyer(
  path: string,
  query: Record<string, string | undefined> = {},
  sent?: RequestInit,
): Promise<Response | null> {
  return ask(path, () => shopify.sessionToken.get(), {...query, locale: locale()}, sent);
}

/** The same, with something to be kept or done. */
export function tellAsBuyer(path: string, body: object): Promise<Response | null> {
  const headers = {'Content-Type': 'application/json'};
  return askAsBuyer(path, {}, {method: 'POST', headers, body: JSON.stringify(body)});
}

/** The buyer's own, such as fr-CA, where our words are in that language; else the one that our words fall back to. */
function locale(): string {
  const {language, extensionLanguage} = shopify.localization;
  const [own, ours] = [language.value.isoCode, extensionLanguage.value.isoCode];
  return own.split('-')[0] === ours.split('-')[0] ? own : ours;
}
