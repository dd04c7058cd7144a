/** `application_url` of shopify.app.toml: what a deployed bundle calls. tests/validators keep the two equal. */
const DEPLOYED = 'https://aftercare.example.com';

declare const process: {env: {APP_URL?: string}};

/**
 * The app's address, without a slash at the end.
 *
 * While bundling, Shopify CLI replaces the expression below: by the tunnel in `shopify app dev`, else by APP_URL when
 * the environment has it. Where nothing was replaced there is no `process` either, and the constant holds.
 */
export function appAddress(): string {
  try {
    return process.env.APP_URL || DEPLOYED;
  } catch {
    return DEPLOYED;
  }
}

/** The lookup page on the shop's own storefront. Merchants may rename the app's path there; the setting says how. */
export function lookUpAddress(): string {
  const {storefrontUrl, myshopifyDomain} = shopify.shop;
  const path = shopify.settings.value.lookup_path || '/apps/aftercare';
  return new URL(String(path), storefrontUrl ?? `https://${myshopifyDomain}`).href;
}
