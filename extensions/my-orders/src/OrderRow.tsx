import type {Row} from '../../shared/orders';
import {Sentence} from '../../shared/Sentence';

/** One order of the list. Links say which order they lead to, for who hears them one after the other. */
export function OrderRow({row}: {row: Row}) {
  const {i18n} = shopify;
  const {name, parcels, returns} = row;
  return (
    <s-section heading={i18n.translate('order', {name})}>
      <s-stack gap="base">
        <Sentence of={row} />
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-text color="subdued">{row.placed}</s-text>
          {parcels > 0 && <s-badge>{i18n.translate('parcels', {count: parcels})}</s-badge>}
          {returns > 0 && <s-badge>{i18n.translate('returns', {count: returns})}</s-badge>}
        </s-stack>
        <s-stack direction="inline" gap="base" alignItems="center">
          {row.url && (
            <s-button href={row.url} accessibilityLabel={i18n.translate('track_named', {name})}>
              {i18n.translate('track')}
            </s-button>
          )}
          <s-link
            href={`shopify:customer-account/orders/${row.id}`}
            accessibilityLabel={i18n.translate('details_named', {name})}
          >
            {i18n.translate('details')}
          </s-link>
        </s-stack>
      </s-stack>
    </s-section>
  );
}
