import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {
  MOVING, PAINT, PARCEL, answers, asked, attribute, broken, click, found, link, named, opened, text, texts,
  translator, unknown, wait,
} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.order.page.render');
const SETTINGS = {lookup_path: undefined, hide_questions: undefined};

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.settings.value = SETTINGS; // the merchant changed nothing
  extension.shopify.order.value = {id: 'gid://shopify/Order/4242', name: '#1001'};
  extension.shopify.authenticationState.value = 'fully_authenticated';
  extension.shopify.checkoutToken.value = undefined;
  extension.shopify.shop.storefrontUrl = 'https://shop.example.com';
  extension.shopify.i18n.translate = translator('en', LANGUAGES.en);
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

const open = (...all: (Response | Error)[]) => opened(extension, ...all);

describe('a buyer who is logged in', () => {
  test('reads the sentence first, then one for each part of the order', async () => {
    await open(found());
    expect(attribute('s-page', 'heading')).toBe('Order #1001');
    expect(attribute('s-page', 'subheading')).toBe('Placed on Monday, June 1, 2026');
    const [first] = texts('s-section');
    expect(first).toBe([MOVING.headline, ...MOVING.parts, 'Goes to Lyon, France'].join(''));
  });

  test('sees of each parcel what is in it, when it comes and by whom', async () => {
    await open(found());
    const card = document.querySelector('s-section[accessibilityLabel="Your parcel"]')?.textContent;
    for (const part of ['On its way', 'Thursday, June 4, 2026', 'Colissimo', 'CB31FR', '2 × Desk lamp (Brass)']) {
      expect(card).toContain(part);
    }
    expect(named('s-link', 'CB31FR')?.getAttribute('href')).toBe('https://carrier.example.com/CB31FR');
  });

  test('sees when a parcel arrived in place of when it was expected, and what was promised first', async () => {
    await open(found({...MOVING, parcels: [{...PARCEL, arrived: 'on Friday', promised_first: 'for Tuesday'}]}));
    expect(text()).toContain('Arrivedon Friday');
    expect(text()).toContain('First promisedfor Tuesday');
    expect(text()).not.toContain('Expected');
  });

  test('gets no link where the carrier gave none, and words for one where it gave no number', async () => {
    const numbers = [{number: 'CB31FR', url: null}, {number: null, url: 'https://carrier.example.com/x'}];
    await open(found({...MOVING, parcels: [{...PARCEL, numbers}]}));
    expect(named('s-link', 'CB31FR')).toBeUndefined();
    expect(named('s-link', 'Track it at the carrier')?.getAttribute('href')).toBe('https://carrier.example.com/x');
  });

  test('sees a parcel in trouble in another tone', async () => {
    await open(found({...MOVING, parcels: [{...PARCEL, state: 'problem'}]}));
    expect(attribute('s-badge', 'tone')).toBe('critical');
  });

  test('sees every scan, the newest first, older ones behind a click', async () => {
    const scans = [6, 5, 4, 3, 2, 1].map((n) => ({...PARCEL.scans[0], words: `scan ${n}`, iso: `2026-06-0${n}`}));
    await open(found({...MOVING, parcels: [{...PARCEL, scans}]}));
    const words = texts('[accessibilityRole="list-item"] > s-text:first-child');
    expect(words).toEqual([6, 5, 4, 3, 2, 1].map((n) => `scan ${n} · Lyon`));
    const older = document.querySelector('s-details');
    expect(older?.querySelector('s-summary')?.textContent).toBe('2 earlier steps');
    expect(older?.querySelectorAll('[accessibilityRole="list-item"]')).toHaveLength(2);
  });

  test('reads that a parcel was not scanned yet', async () => {
    await open(found({...MOVING, parcels: [{...PARCEL, scans: []}]}));
    expect(text()).toContain(LANGUAGES.en.no_scans);
  });

  test('finds answers to what one asks at this moment, each behind its question', async () => {
    await open(found());
    const [question] = document.querySelectorAll('s-details');
    expect(question.querySelector('s-summary')?.textContent).toBe('When will it arrive?');
    expect(question.textContent).toContain('The day stands with the parcel.');
    expect(texts('s-ordered-list s-list-item')).toEqual(MOVING.guide);
  });

  test('finds what can be done, and how far that has come', async () => {
    const doors = [
      {words: 'Cancel this order', url: 'https://shop.example.com/cancel', note: 'Until it is packed'},
      {words: 'Your review', url: null, note: 'We have it. Thank you!'},
    ];
    await open(found({...MOVING, doors}));
    expect(named('s-button', 'Cancel this order')?.getAttribute('href')).toBe('https://shop.example.com/cancel');
    expect(named('s-button', 'Your review')).toBeUndefined();
    const section = document.querySelector('s-section[heading="Something to change?"]');
    expect(section?.textContent).toBe('Cancel this orderUntil it is packedYour reviewWe have it. Thank you!');
  });

  test('sees no heading above nothing', async () => {
    await open(found({...MOVING, guide: [], parcels: [], parts: [], destination: ''}));
    const headings = [...document.querySelectorAll('s-section')].map((one) => one.getAttribute('heading'));
    expect(headings).toEqual([null, 'Questions']);
  });

  test('gets back to the order, on to the tracking page, and a hand of the shop', async () => {
    await open(found());
    expect(link('s-button[slot="breadcrumb-actions"]')).toBe('shopify:customer-account/orders/4242');
    expect(attribute('s-button[slot="breadcrumb-actions"]', 'accessibilityLabel')).toBe('Back to the order');
    expect(link('s-button[slot="secondary-actions"]')).toBe(MOVING.url);
    expect(named('s-link', 'hello@lumen.example')?.getAttribute('href')).toBe('mailto:hello@lumen.example');
  });

  test('reads the name of a shop that has no address', async () => {
    await open(found({...MOVING, shop: {name: 'Lumen Goods', email: null}}));
    expect(text()).toContain('Questions? Lumen Goods will be glad to help.');
  });

  test('is asked for with the digits of the order', async () => {
    const app = await open(found());
    expect(asked(app)).toEqual(['https://aftercare.example.com/account/orders/4242?locale=en']);
  });

  test('hears the sentence through a screen reader when it comes', async () => {
    await open(unknown(), found());
    const region = document.querySelector('[accessibilityRole="status"]');
    expect(region?.textContent).toBe(LANGUAGES.en.looking);
    expect(document.querySelector('s-skeleton-paragraph')).not.toBeNull();
    await wait(1);
    expect(document.querySelectorAll('[accessibilityRole="status"]')).toHaveLength(1);
    expect(document.querySelector('[accessibilityRole="status"]')?.textContent).toBe(MOVING.headline);
  });

  test('reads the calm sentence while Shopify does not say which order it is', async () => {
    extension.shopify.order.value = undefined;
    const app = await open(found());
    expect(text()).toContain(LANGUAGES.en.not_yet);
    expect(app).not.toHaveBeenCalled();
  });
});

test.each([
  ['does not know the order', unknown()],
  ['is out of order', broken()],
  ['cannot be reached', new TypeError('Failed to fetch')],
  ['refuses the token', new Response('', {status: 401})],
  ['is no app at all', new Response('<html>a proxy speaks</html>')],
])('a buyer reads a calm sentence when the app %s, and can try again or look the order up', async (_, answer) => {
  await open(answer);
  await wait(60);
  expect(text()).toContain(LANGUAGES.en.not_yet);
  expect(link('s-link')).toBe('https://shop.example.com/apps/aftercare');
  extension.fetch = answers(found()) as typeof extension.fetch;
  await click(named('s-button', 'Try again'));
  await wait(PAINT);
  expect(text()).toContain(MOVING.headline);
});

describe('a merchant', () => {
  test('can hide questions and answers', async () => {
    extension.shopify.settings.value = {...SETTINGS, hide_questions: true};
    await open(found());
    expect(document.querySelector('s-details')).toBeNull();
    expect(text()).toContain(MOVING.guide[0]);
  });

  test('can say where the lookup page is', async () => {
    extension.shopify.settings.value = {...SETTINGS, lookup_path: '/community/where-is-it'};
    await open(new Response('', {status: 401}));
    expect(link('s-link')).toBe('https://shop.example.com/community/where-is-it');
  });
});

describe.each(Object.entries(LANGUAGES))('in %s', (code, language) => {
  beforeEach(() => {
    extension.shopify.i18n.translate = translator(code, language);
  });

  test('a visitor with nothing but the link sees nothing of the order and can log in', async () => {
    extension.shopify.authenticationState.value = 'pre_authenticated';
    extension.shopify.requireLogin = vi.fn();
    const app = await open(found());
    await wait(60);
    expect(text()).toContain(language.locked);
    expect(text()).not.toContain(MOVING.headline);
    expect(app).not.toHaveBeenCalled();
    await click(named('s-button', language.log_in));
    expect(extension.shopify.requireLogin).toHaveBeenCalledOnce();
  });

  test('every word around an order is translated', async () => {
    const scans = Array.from({length: 5}, (_, n) => ({...PARCEL.scans[0], iso: String(n)}));
    const doors = [{words: 'a', url: null, note: null}];
    await open(found({...MOVING, parcels: [{...PARCEL, scans, promised_first: 'x'}], doors}));
    const headings = [...document.querySelectorAll('s-section[heading]')].map((one) => one.getAttribute('heading'));
    expect(headings).toEqual([language.doors, language.guide, language.questions]);
    for (const words of [language.expected, language.promised_first, language.carrier, language.number]) {
      expect(text()).toContain(words);
    }
    expect(text()).toContain(language.earlier.one.replace('{{count}}', '1'));
    expect(text()).toContain(language.write.replace('{{shop}}', 'Lumen Goods'));
  });

  test('the calm sentence is translated', async () => {
    await open(new Response('', {status: 401}));
    expect(text()).toContain(language.not_yet);
    expect(texts('s-button').slice(1)).toEqual([language.try_again]);
    expect(texts('s-link')).toEqual([language.look_up]);
  });
});
