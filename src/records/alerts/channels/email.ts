import { type Socket, connect } from 'node:net';

import { messageOf, plainText } from '../messages/message.ts';
import type { Notice } from '../messages/notice.ts';
import { type Resolve, checkWrittenAddress, guardedLookup } from './guarded-socket.ts';
import type { ChannelOf } from './settings.ts';
import { SENT, type Verdict, said } from './verdict.ts';

/** Of each step. */
const STEP_MS = 10_000;
/** Of all of it. */
const TOTAL_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Sends a notice by SMTP, over a connection of its own to an address that the policy allows. A server that refuses to
 * encrypt is not told anything.
 * @throws RefusedAddressError, or the system's error where there is no connection
 */
export async function sendEmail(
  channel: ChannelOf<'email'>,
  notice: Notice,
  resolve: Resolve | undefined,
): Promise<Verdict> {
  const socket = await connectTo(channel, resolve);
  const timer = setTimeout(() => socket.destroy(new Error('the server takes too long')), TOTAL_MS);
  try {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({ ...optionsOf(channel), connection: socket });
    await transport.sendMail(mailOf(channel, notice));
    return SENT;
  } catch (thrown) {
    return smtpVerdict(thrown);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function connectTo(
  { host, port, allowPrivate }: ChannelOf<'email'>,
  resolve: Resolve | undefined,
): Promise<Socket> {
  checkWrittenAddress(host, { allowPrivate });
  const socket = connect({ host, port, lookup: guardedLookup({ allowPrivate }, resolve) });
  socket.setTimeout(STEP_MS, () => socket.destroy(new Error(`no answer within ${STEP_MS / 1000} s`)));
  await new Promise<void>((connected, failed) => {
    socket.once('connect', connected).once('error', failed);
  });
  // What goes wrong from here on is told to whoever sends over it.
  socket.on('error', () => undefined);
  return socket;
}

function optionsOf({ host, port, tls, user, password }: ChannelOf<'email'>) {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    socketCloseTimeout: 0,
    maxResponseSize: MAX_ANSWER_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
  };
}

function mailOf({ from, to, language }: ChannelOf<'email'>, notice: Notice) {
  const message = messageOf(notice, language);
  return {
    from,
    to: [...to],
    subject: message.title,
    text: plainText(message),
    // The same however often it is sent, so that a mailbox can tell that it is.
    messageId: `<${notice.id}@causeway>`,
    headers: { 'auto-submitted': 'auto-generated' },
  };
}

/** What the server answers with 5xx it would answer again. */
function smtpVerdict(thrown: unknown): Verdict {
  const { message = String(thrown), code, responseCode } = thrown as Partial<NodeJS.ErrnoException> & SmtpFailure;
  const isForGood = code === 'EAUTH' || (responseCode !== undefined && responseCode >= 500);
  return { kind: isForGood ? 'refused' : 'later', reason: said(message) };
}

interface SmtpFailure {
  readonly responseCode?: number | undefined;
}
