import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {OrderRow} from './OrderRow';
import {type Stage, useOrders} from './useOrders';

export default async () => {
  render(<MyOrders />, document.body);
};

function MyOrders() {
  const {i18n} = shopify;
  const {stage, rows, isLast, lookUp, load} = useOrders();
  const isFirst = rows.length === 0;
  return (
    <s-page heading={String(shopify.settings.value.heading || i18n.translate('title'))}>
      {lookUp && (
        <s-button slot="secondary-actions" href={lookUp}>
          {i18n.translate('look_up')}
        </s-button>
      )}
      <s-stack gap="large">
        <Line text={isFirst ? line(stage) : ''} />
        {isFirst && stage === 'looking' && <Skeleton />}
        {rows.map((row) => (
          <OrderRow key={row.id} row={row} />
        ))}
        {stage === 'failed' && <Failed retry={load} />}
        {!isFirst && !isLast && stage !== 'failed' && (
          <s-button loading={stage === 'looking'} onClick={stage === 'looking' ? undefined : load}>
            {i18n.translate('more')}
          </s-button>
        )}
      </s-stack>
    </s-page>
  );
}

/** What is said while there are no orders to be seen. */
function line(stage: Stage): string {
  const {i18n} = shopify;
  if (stage === 'looking') return i18n.translate('looking');
  if (stage === 'refused') return i18n.translate('refused');
  return stage === 'found' ? i18n.translate('empty') : '';
}

/** A live region, so that a screen reader hears what changes. */
function Line({text}: {text: string}) {
  return (
    <s-stack accessibilityRole="status">
      <s-text>{text}</s-text>
    </s-stack>
  );
}

/** Three orders that are not there yet. */
function Skeleton() {
  return ['first', 'second', 'third'].map((name) => (
    <s-section key={name}>
      <s-skeleton-paragraph />
    </s-section>
  ));
}

/** What was shown before stays. */
function Failed({retry}: {retry: () => void}) {
  return (
    <s-banner tone="warning" heading={shopify.i18n.translate('failed')}>
      <s-button onClick={retry}>{shopify.i18n.translate('try_again')}</s-button>
    </s-banner>
  );
}
