import { evenShare } from '../../core/even-share.ts';

/** Whether a call is among the share of something: the same call is, or is not, each time, and others of another name. */
export function isChosen(name: string, callId: string, share: number): boolean {
  if (share <= 0) return false;
  return share >= 1 || evenShare(`${name} ${callId}`) < share;
}
