import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {
  MOVING, PAINT, PARCEL, answers, asked, attribute, broken, click, found, link, named, opened, text, texts,
  translator, unknown, wait,
} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.order.action.render');

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.orderId = 'gid://shopify/Order/4242';
  extension.shopify.i18n.translate = translator('en', LANGUAGES.en);
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

const open = (...all: (Response | Error)[]) => opened(extension, ...all);

describe('a buyer who asks how an order is doing', () => {
  test('reads its sentence and sees its parcels, and nothing that a dialog has no room for', async () => {
    const second = {...PARCEL, title: 'Parcel 2', status: 'Packed', numbers: [{number: 'CB32FR', url: null}]};
    const app = await open(found({...MOVING, parcels: [PARCEL, second]}));
    expect(asked(app)).toEqual(['https://aftercare.example.com/account/orders/4242?locale=en']);
    expect(text()).toContain(MOVING.headline);
    expect(texts('s-heading')).toEqual(['Your parcel', 'Parcel 2']);
    expect(texts('s-badge')).toEqual(['On its way', 'Packed']);
    expect(link('s-link')).toBe('https://carrier.example.com/CB31FR');
    expect(text()).not.toContain('Sorted');
  });

  test('gets to all details', async () => {
    await open(found());
    expect(link('s-button[slot="primary-action"]')).toBe(MOVING.url);
  });

  test('can close the dialog', async () => {
    extension.shopify.close = vi.fn();
    await open(found());
    await click(named('s-button', 'Close'));
    expect(extension.shopify.close).toHaveBeenCalledOnce();
  });

  test('hears every change through a screen reader, because one live region holds every line', async () => {
    await open(unknown(), found());
    const region = document.querySelector('[accessibilityRole="status"]');
    expect(region?.textContent).toBe(LANGUAGES.en.looking);
    expect(document.querySelector('s-skeleton-paragraph')).not.toBeNull();
    await wait(1);
    expect(region?.textContent).toBe(MOVING.headline);
    expect(document.querySelector('s-skeleton-paragraph')).toBeNull();
  });
});

test.each([
  ['does not know the order', unknown()],
  ['is out of order', broken()],
  ['cannot be reached', new TypeError('Failed to fetch')],
  ['refuses the token', new Response('', {status: 401})],
])('a buyer reads a calm sentence when the app %s, and can try again', async (_, answer) => {
  await open(answer);
  await wait(60);
  expect(text()).toContain(LANGUAGES.en.not_yet);
  extension.fetch = answers(found()) as typeof extension.fetch;
  await click(named('s-button', 'Try again'));
  await wait(PAINT);
  expect(text()).toContain(MOVING.headline);
});

describe.each(Object.entries(LANGUAGES))('in %s', (code, language) => {
  beforeEach(() => {
    extension.shopify.i18n.translate = translator(code, language);
  });

  test('every word around the parcels is translated', async () => {
    await open(found({...MOVING, parcels: [{...PARCEL, promised_first: 'x'}]}));
    expect(attribute('s-customer-account-action', 'heading')).toBe(language.title);
    for (const words of [language.expected, language.promised_first, language.carrier, language.number]) {
      expect(text()).toContain(words);
    }
    expect(texts('s-button')).toEqual([language.track, language.close]);
  });

  test('the calm sentence is translated', async () => {
    await open(new Response('', {status: 401}));
    expect(text()).toContain(language.not_yet);
    expect(texts('s-button')).toEqual([language.try_again, language.close]);
  });
});
