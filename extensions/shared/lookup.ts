import type {OrderStatusApi, StandardApi} from '@shopify/ui-extensions/customer-account';

declare const shopify: Pick<OrderStatusApi<'customer-account.order-status.block.render'>, 'shop'> &
  Pick<StandardApi, 'settings'>;

/** The lookup page on the shop's own storefront. Merchants may rename the app's path there; the setting says how. */
export function lookUpAddress(): string {
  const {storefrontUrl, myshopifyDomain} = shopify.shop;
  const path = shopify.settings.value.lookup_path || '/apps/aftercare';
  return new URL(String(path), storefrontUrl ?? `https://${myshopifyDomain}`).href;
}
