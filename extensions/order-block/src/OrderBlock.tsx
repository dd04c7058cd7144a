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
  const {i18n} = shopify;
  if (stage === 'looking') return <s-spinner accessibilityLabel={i18n.translate('looking')} />;
  return (
    <s-stack gap="base">
      <s-text>{stage === 'unknown' ? i18n.translate('unknown') : i18n.translate('failed')}</s-text>
      <s-button onClick={load}>{i18n.translate('try_again')}</s-button>
    </s-stack>
  );
}

function Found({story}: {story: Story}) {
  const {i18n} = shopify;
  return (
    <s-stack gap="base">
      <s-stack gap="none">
        <s-text color="subdued">{i18n.translate('buyer_reads')}</s-text>
        <s-text type="strong">{story.headline}</s-text>
      </s-stack>
      <Events events={story.events} />
      <Messages messages={story.messages} />
      <s-link href={story.url} target="_top">
        {i18n.translate('open')}
      </s-link>
    </s-stack>
  );
}
