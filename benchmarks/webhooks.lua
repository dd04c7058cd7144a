-- One signed body, a fresh webhook id for every request. BODY, SIGNATURE and RUN come from the environment.
local file = io.open(os.getenv("BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Shopify-Topic"] = "orders/create"
wrk.headers["X-Shopify-Hmac-Sha256"] = os.getenv("SIGNATURE")
wrk.headers["X-Shopify-Shop-Domain"] = "lumen-goods.myshopify.com"
wrk.headers["X-Shopify-API-Version"] = "2026-10"
wrk.headers["X-Shopify-Event-Id"] = "benchmark"
wrk.headers["X-Shopify-Triggered-At"] = "2026-11-21T10:00:00.123Z"

local run, count = os.getenv("RUN"), 0

function request()
  count = count + 1
  wrk.headers["X-Shopify-Webhook-Id"] = run .. "-" .. count
  return wrk.format(nil, "/webhooks")
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %f %f %f %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
