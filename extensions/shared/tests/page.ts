import {vi} from 'vitest';

import type {Order, Parcel, Row} from '../orders';

type Texts = {[key: string]: string | Texts};

/** Seconds until effects have run: Preact waits for a frame. */
export const PAINT = 0.1;

export const PARCEL: Parcel = {
  title: 'Your parcel',
  status: 'On its way',
  state: 'moving',
  expected: 'Thursday, June 4, 2026',
  promised_first: null,
  arrived: null,
  carrier: 'Colissimo',
  numbers: [{number: 'CB31FR', url: 'https://carrier.example.com/CB31FR'}],
  items: [{title: 'Desk lamp', variant: 'Brass', quantity: 2}],
  scans: [
    {words: 'On its way', message: 'Sorted', time: 'Jun 3, 12:00 (Paris time)', iso: '2026-06-03T12:00', place: 'Lyon'},
    {words: 'Handed over', message: null, time: 'Jun 2, 09:00 (Paris time)', iso: '2026-06-02T09:00', place: ''},
  ],
};

export const MOVING: Order = {
  name: '#1001',
  placed: 'Monday, June 1, 2026',
  state: 'moving',
  headline: 'On its way to you',
  url: 'https://shop.example.com/apps/aftercare/x',
  destination: 'Lyon, France',
  parts: ['Your parcel is on its way.', 'The cord set is still with us.'],
  parcels: [PARCEL],
  guide: ['Look at the day on which it should come.'],
  questions: [{question: 'When will it arrive?', answer: 'The day stands with the parcel.'}],
  doors: [],
  shop: {name: 'Lumen Goods', email: 'hello@lumen.example'},
};

export function row(id: number, about: Partial<Row> = {}): Row {
  const {name, placed, state, headline, url} = MOVING;
  return {id, name, placed, state, headline, url, parcels: 0, returns: 0, ...about};
}

/** The app's side: answers each request with the next of these, and with the last one for ever. */
export function answers(...all: (Response | Error)[]) {
  let next = 0;
  return vi.fn(async (_url: string | URL | Request, _init?: RequestInit) => {
    const answer = all[Math.min(next++, all.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer.clone();
  });
}

export const found = (order: object = MOVING) => new Response(JSON.stringify(order));
export const unknown = () => new Response('', {status: 404});
export const broken = () => new Response('', {status: 503});

/** The addresses that the app was asked, as texts. */
export function asked(app: ReturnType<typeof answers>): string[] {
  return app.mock.calls.map(([url]) => String(url));
}

/** Lets so many seconds pass, and everything that was waiting for them happen. */
export async function wait(seconds: number) {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
}

export function text() {
  return document.body.textContent;
}

export function attribute(element: string, name: string) {
  return document.querySelector(element)?.getAttribute(name);
}

export function link(element: string) {
  return attribute(element, 'href');
}

/** What the buyer reads in every element of this kind. */
export function texts(element: string): (string | null)[] {
  return [...document.querySelectorAll(element)].map((one) => one.textContent);
}

/** The element of this kind with these words on it. */
export function named(element: string, words: string): Element | undefined {
  return [...document.querySelectorAll(element)].find((one) => one.textContent === words);
}

export async function click(element: Element | null | undefined) {
  element?.dispatchEvent(new Event('click'));
  await wait(PAINT);
}

/** `shopify.i18n.translate` as it is with these texts: paths, {{replacements}} and plurals. */
export function translator(language: string, all: Texts) {
  const plurals = new Intl.PluralRules(language);
  return (path: string, values: Record<string, unknown> = {}): any => {
    let found: string | Texts | undefined = all;
    for (const key of path.split('.')) found = typeof found === 'object' ? found[key] : undefined;
    if (typeof found === 'object') found = found[plurals.select(Number(values.count))];
    if (typeof found !== 'string') throw new Error(`${path} is not translated`);
    return found.replace(/{{(\w+)}}/g, (_, name) => String(values[name]));
  };
}

/** The language that Shopify says the buyer reads, and the one of ours that comes nearest. */
export function speaking(own: string, ours: string) {
  return {language: {value: {isoCode: own}}, extensionLanguage: {value: {isoCode: ours}}};
}

type Extension = {fetch: unknown; render: () => Promise<unknown>};

/** The extension as it is seen once the app has given its first answer; hands back the app. */
export async function opened(extension: Extension, ...all: (Response | Error)[]) {
  const app = answers(...all);
  extension.fetch = app;
  await extension.render();
  await wait(PAINT);
  return app;
}
