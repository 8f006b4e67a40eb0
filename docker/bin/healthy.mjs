// Docker's health check: asks the app in this container whether it gets on. Says what it answered where it does not.
const url = `http://127.0.0.1:${process.env.PORT}/health/ready`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) {
    console.log(await response.text());
    process.exit(1);
  }
} catch (error) {
  console.log(error.cause?.message ?? error.message);
  process.exit(1);
}
