import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {
  PAINT, asked, attribute, broken, click, found, link, named, opened, text, texts, translator, unknown, wait,
} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('admin.order-details.block.render');

const STORY = {
  headline: 'Your parcel is on its way.',
  events: [{words: 'On its way', place: 'Lyon, France', time: 'Jun 3, 12:00 PM', parcel: '#1001.5'}],
  messages: [
    {name: 'Order confirmation', state: 'sent', outcome: 'Sent', why: 'Handed to the mail server: Jun 1'},
    {name: 'Parcel sent', state: 'skipped', outcome: 'Not sent', why: 'It was a test order.'},
  ],
  url: 'https://admin.shopify.com/store/lumen-goods/apps/aftercare/orders/4242',
};

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.data.selected = [{id: 'gid://shopify/Order/4242'}];
  extension.shopify.auth.idToken = async () => 'id-token';
  extension.shopify.i18n.translate = translator('en', LANGUAGES.en);
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

const open = (...all: (Response | Error)[]) => opened(extension, ...all);

describe('staff who look at an order in the admin', () => {
  test('read what the buyer reads, even while the block is folded', async () => {
    await open(found(STORY));
    expect(text()).toContain(STORY.headline);
    expect(attribute('s-admin-block', 'collapsedSummary')).toBe(STORY.headline);
  });

  test('see the last that the carrier told, and of which parcel', async () => {
    await open(found(STORY));
    expect(text()).toContain('On its way · Lyon, France');
    expect(text()).toContain('Jun 3, 12:00 PM · #1001.5');
  });

  test('see which messages went out, and why one did not', async () => {
    await open(found(STORY));
    expect(texts('s-badge')).toEqual(['Sent', 'Not sent']);
    const tones = [...document.querySelectorAll('s-badge')].map((badge) => badge.getAttribute('tone'));
    expect(tones).toEqual(['success', 'neutral']);
    expect(text()).toContain('It was a test order.');
  });

  test('get to the order in the app', async () => {
    await open(found(STORY));
    expect(link('s-link')).toBe(STORY.url);
    expect(attribute('s-link', 'target')).toBe('_top');
  });

  test('read that nothing has happened yet', async () => {
    await open(found({...STORY, events: [], messages: []}));
    expect(text()).toContain(LANGUAGES.en.no_scans);
    expect(text()).toContain(LANGUAGES.en.no_messages);
  });

  test('see that the app is being asked', async () => {
    extension.fetch = () => new Promise(() => {});
    await extension.render();
    await wait(PAINT);
    expect(attribute('s-spinner', 'accessibilityLabel')).toBe(LANGUAGES.en.looking);
  });
});

test('the app is asked once, with the token of the staff member', async () => {
  const app = await open(found(STORY));
  await wait(60);
  expect(asked(app)).toEqual(['https://aftercare.example.com/orders/4242/block?locale=en']);
  expect(app.mock.calls[0][1]?.headers).toEqual({Authorization: 'Bearer id-token'});
});

test('an order that has not come to the app yet can be asked for again', async () => {
  await open(unknown(), found(STORY));
  expect(text()).toContain(LANGUAGES.en.unknown);
  await click(named('s-button', 'Try again'));
  expect(text()).toContain(STORY.headline);
});

test.each([
  ['is out of order', broken()],
  ['cannot be reached', new TypeError('Failed to fetch')],
  ['refuses the token', new Response('', {status: 401})],
  ['is no app at all', new Response('<html>a proxy speaks</html>')],
])('staff can try again when the app %s', async (_, answer) => {
  await open(answer, found(STORY));
  expect(text()).toContain(LANGUAGES.en.failed);
  await click(named('s-button', 'Try again'));
  expect(text()).toContain(STORY.headline);
});

describe.each(Object.entries(LANGUAGES))('in %s', (code, language) => {
  beforeEach(() => {
    extension.shopify.i18n.translate = translator(code, language);
  });

  test('every word of the block is translated, and the app is asked in that language', async () => {
    const app = await open(found({...STORY, events: [], messages: []}));
    expect(asked(app)[0]).toContain(`locale=${code}`);
    expect(texts('s-heading')).toEqual([language.parcels, language.messages]);
    for (const words of [language.buyer_reads, language.no_scans, language.no_messages, language.open]) {
      expect(text()).toContain(words);
    }
  });

  test('what staff read when there is nothing to see is translated', async () => {
    await open(unknown(), broken());
    expect(text()).toContain(language.unknown);
    await click(named('s-button', language.try_again));
    expect(text()).toContain(language.failed);
  });
});
