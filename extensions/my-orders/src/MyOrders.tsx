import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {OrderRow} from './OrderRow';
import {type Stage, useOrders} from './useOrders';

export default async () => {
  render(<MyOrders />, document.body);
};

function MyOrders() {
  const {translate} = shopify.i18n;
  const {stage, rows, isLast, lookUp, load} = useOrders();
  const isFirst = rows.length === 0;
  return (
    <s-page heading={String(shopify.settings.value.heading || translate('title'))}>
      {lookUp && (
        <s-button slot="secondary-actions" href={lookUp}>
          {translate('look_up')}
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
          <s-button loading={stage === 'looking'} onClick={load}>
            {translate('more')}
          </s-button>
        )}
      </s-stack>
    </s-page>
  );
}

/** What is said while there are no orders to be seen. */
function line(stage: Stage): string {
  const {translate} = shopify.i18n;
  if (stage === 'looking') return translate('looking');
  if (stage === 'refused') return translate('refused');
  return stage === 'found' ? translate('empty') : '';
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
