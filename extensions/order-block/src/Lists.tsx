import type {ComponentChildren} from 'preact';

import type {Event, Message} from './story';

const TONES: Record<string, 'success' | 'critical' | 'warning' | 'info'> = {
  sent: 'success',
  failed: 'critical',
  dead: 'critical',
  unknown: 'warning',
  retrying: 'warning',
  waiting: 'info',
};

/** The last things the carrier told. */
export function Events({events}: {events: Event[]}) {
  const {i18n} = shopify;
  return (
    <List heading={i18n.translate('parcels')} nothing={i18n.translate('no_scans')}>
      {events.map(({words, place, time, parcel}) => (
        <s-stack key={time + words + parcel} gap="none">
          <s-text>{[words, place].filter(Boolean).join(' · ')}</s-text>
          <s-text color="subdued">{[time, parcel].filter(Boolean).join(' · ')}</s-text>
        </s-stack>
      ))}
    </List>
  );
}

/** Every message, sent or not, and why. */
export function Messages({messages}: {messages: Message[]}) {
  const {i18n} = shopify;
  return (
    <List heading={i18n.translate('messages')} nothing={i18n.translate('no_messages')}>
      {messages.map(({name, state, outcome, why}) => (
        <s-stack key={name + why} gap="none">
          <s-stack direction="inline" gap="small-200" alignItems="center">
            <s-text>{name}</s-text>
            <s-badge tone={TONES[state] ?? 'neutral'}>{outcome}</s-badge>
          </s-stack>
          <s-text color="subdued">{why}</s-text>
        </s-stack>
      ))}
    </List>
  );
}

type ListProps = {heading: string; nothing: string; children: ComponentChildren[]};

function List({heading, nothing, children}: ListProps) {
  return (
    <s-stack gap="small-200">
      <s-heading>{heading}</s-heading>
      {children.length > 0 ? children : <s-text color="subdued">{nothing}</s-text>}
    </s-stack>
  );
}
