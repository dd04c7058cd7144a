import {vi} from 'vitest';

import de from '../locales/de.json';
import en from '../locales/en.default.json';
import es from '../locales/es.json';
import fr from '../locales/fr.json';

export const LANGUAGES = {en, fr, de, es};
export const MOVING = {state: 'moving', headline: 'On its way to you', url: 'https://shop.example.com/apps/aftercare/x'};

/** Seconds until effects have run: Preact waits for a frame. */
export const PAINT = 0.1;

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

/** Lets so many seconds pass, and everything that was waiting for them happen. */
export async function wait(seconds: number) {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
}

export function text() {
  return document.body.textContent;
}

export function link(element: string) {
  return document.querySelector(element)?.getAttribute('href');
}

/** `shopify.i18n.translate` as it is with this language, for keys without plurals or replacements. */
export function translator(language: Record<string, unknown>) {
  return ((key: string) => language[key] ?? key) as typeof shopify.i18n.translate;
}

declare const shopify: {i18n: {translate: (key: string) => any}};
