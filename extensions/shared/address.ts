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
