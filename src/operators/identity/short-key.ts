const SHORT_OF = 16;

/** Says at the start that an admin key is short enough to be guessed. The key itself is never in the log. */
export function warnOfShortKey(key: string | undefined, log: { warn(facts: object, message: string): void }): void {
  if (!key || key.length >= SHORT_OF) return;
  log.warn(
    { least: SHORT_OF },
    `CAUSEWAY_ADMIN_KEY has fewer than ${SHORT_OF} characters and can be guessed; set a longer one, such as 32 random characters`,
  );
}
