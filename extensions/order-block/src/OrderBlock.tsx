import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useEffect, useState} from 'preact/hooks';

import {Events, Messages} from './Lists';
import {read, type Story} from './story';

export default async () => {
  render(<OrderBlock />, document.body);
};

type Stage = Story | 'looking' | 'unknown' | 'failed';

function OrderBlock() {
  const [stage, setStage] = useState<Stage>('looking');
  const orderId = shopify.data.selected[0]?.id ?? '';
  const load = () => {
    setStage('looking');
    read(orderId).then((story) => setStage(story ?? 'unknown'), () => setStage('failed'));
  };
  useEffect(load, [orderId]);
  const summary = typeof stage === 'object' ? stage.headline : undefined;
  return (
    <s-admin-block heading={shopify.i18n.translate('title')} collapsedSummary={summary}>
      {typeof stage === 'object' ? <Found story={stage} /> : <Nothing stage={stage} load={load} />}
    </s-admin-block>
  );
}

function Nothing({stage, load}: {stage: 'looking' | 'unknown' | 'failed'; load: () => void}) {
  const {translate} = shopify.i18n;
  if (stage === 'looking') return <s-spinner accessibilityLabel={translate('looking')} />;
  return (
    <s-stack gap="base">
      <s-text>{stage === 'unknown' ? translate('unknown') : translate('failed')}</s-text>
      <s-button onClick={load}>{translate('try_again')}</s-button>
    </s-stack>
  );
}

function Found({story}: {story: Story}) {
  const {translate} = shopify.i18n;
  return (
    <s-stack gap="base">
      <s-stack gap="none">
        <s-text color="subdued">{translate('buyer_reads')}</s-text>
        <s-text type="strong">{story.headline}</s-text>
      </s-stack>
      <Events events={story.events} />
      <Messages messages={story.messages} />
      <s-link href={story.url} target="_top">
        {translate('open')}
      </s-link>
    </s-stack>
  );
}
