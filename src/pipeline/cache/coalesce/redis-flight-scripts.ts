import { type LuaScript, luaScript } from '../../../storage/counters/lua-script.ts';

/**
 * What Redis runs so that identical requests of several replicas are one. A request under way has a token,
 * `<replica>/<number>`. Keys, all after `{causeway}:flight1:`; the number changes with the form of entries
 *
 * - `name:<name>`: the token of the request under way of that name.
 * - `alive:<replica>`: there as long as the replica lives.
 * - `readers:<token>`: who reads its answer, each a request of another replica, `<replica>/<number>` as well.
 * - `wanted:<replica>`: requests of a replica that others read, a hash of token → name.
 * - `items:<token>`: the answer as far as it was passed on, a list of entries; the last one is its end. An entry is only
 *   ever added at the index that it has in the answer: where keys were evicted or lost, nothing more is added.
 */
const PRELUDE = `
local P = '{causeway}:flight1:'
local function ownerOf(token) return string.match(token, '^[^/]*') end
local function lives(replica) return redis.call('EXISTS', P .. 'alive:' .. replica) == 1 end
local function isWanted(token) return redis.call('HEXISTS', P .. 'wanted:' .. ownerOf(token), token) == 1 end
local function leads(name, token) return redis.call('GET', P .. 'name:' .. name) == token end
local function release(name, token)
  if leads(name, token) then redis.call('DEL', P .. 'name:' .. name) end
end
`;

/** How long anything is kept that nobody deletes, milliseconds: longer than any answer takes. */
const KEPT_MS = 1_800_000;
/** How long an answer is kept after the last sign of life of who adds to it, and after its end. */
const READ_MS = 60_000;
/** Entries of one answer that are read at once. */
const ENTRIES_AT_ONCE = 8;
/** What is read at once of all answers together, characters; an entry that is larger is read alone. */
const MAX_READ = 1_000_000;

function script(body: string): LuaScript {
  return luaScript(PRELUDE + body);
}

/** Leads the request of that name, or reads along with who does. Name, new token, replica, lease → token. */
const TAKE = script(`
local name, token, me, lease = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
redis.call('SET', P .. 'alive:' .. me, '1', 'PX', lease)
local held = redis.call('GET', P .. 'name:' .. name)
if held then
  local owner = ownerOf(held)
  if owner ~= me and lives(owner) then
    redis.call('SADD', P .. 'readers:' .. held, token)
    redis.call('PEXPIRE', P .. 'readers:' .. held, ${KEPT_MS})
    redis.call('HSET', P .. 'wanted:' .. owner, held, name)
    redis.call('PEXPIRE', P .. 'wanted:' .. owner, ${KEPT_MS})
    return held
  end
end
redis.call('SET', P .. 'name:' .. name, token, 'PX', ${KEPT_MS})
return token
`);

/**
 * A sign of life; what of the replica's is wanted, and what there is to read. Replica, lease, then token and index of the
 * next entry of each answer that it reads → tokens and names, and for each answer its state followed by entries. What
 * nobody reads any more may not be joined any more either: who came later would read what is not added to. An answer is
 * gone where nothing is left to read and nobody adds to it, or where less is there than was read.
 */
const BEAT = script(`
local me = ARGV[1]
redis.call('SET', P .. 'alive:' .. me, '1', 'PX', ARGV[2])
local wanted, answers = {}, {}
local led = redis.call('HGETALL', P .. 'wanted:' .. me)
for i = 1, #led, 2 do
  local token = led[i]
  local readers = 0
  for _, reader in ipairs(redis.call('SMEMBERS', P .. 'readers:' .. token)) do
    if lives(ownerOf(reader)) then readers = readers + 1 end
  end
  if readers > 0 then
    wanted[#wanted + 1] = token
    wanted[#wanted + 1] = led[i + 1]
    redis.call('PEXPIRE', P .. 'items:' .. token, ${READ_MS})
  else
    redis.call('HDEL', P .. 'wanted:' .. me, token)
    redis.call('DEL', P .. 'readers:' .. token, P .. 'items:' .. token)
    release(led[i + 1], token)
  end
end
local carried = 0
for i = 3, #ARGV, 2 do
  local token, from = ARGV[i], tonumber(ARGV[i + 1])
  local length = redis.call('LLEN', P .. 'items:' .. token)
  local answer = {'on'}
  if from > length or (from == length and not (lives(ownerOf(token)) and isWanted(token))) then
    answer[1] = 'gone'
  elseif carried < ${MAX_READ} then
    for _, entry in ipairs(redis.call('LRANGE', P .. 'items:' .. token, from, from + ${ENTRIES_AT_ONCE - 1})) do
      if carried > 0 and carried + #entry > ${MAX_READ} then break end
      carried = carried + #entry
      answer[#answer + 1] = entry
    end
  end
  answers[#answers + 1] = answer
end
return {wanted, answers}
`);

/**
 * Adds entries to an answer. Token, its name where these are the last, else empty, index of the first entry, then the
 * entries → 0 where nobody wants them, or what was before them is not there any more.
 */
const PASS_ON = script(`
local token, name, at = ARGV[1], ARGV[2], tonumber(ARGV[3])
local key = P .. 'items:' .. token
if not isWanted(token) or redis.call('LLEN', key) ~= at then return 0 end
for i = 4, #ARGV do redis.call('RPUSH', key, ARGV[i]) end
redis.call('PEXPIRE', key, ${READ_MS})
if name ~= '' then release(name, token) end
return 1
`);

/** Ends a request that nobody reads along with. Name, token → 1 where somebody does after all. */
const RELEASE = script(`
local name, token = ARGV[1], ARGV[2]
if redis.call('SCARD', P .. 'readers:' .. token) > 0 then return 1 end
release(name, token)
return 0
`);

/** Reads no further. Token, name, reader. What its owner leads it looks after itself, as long as it lives. */
const LEAVE = script(`
local token, name, reader = ARGV[1], ARGV[2], ARGV[3]
redis.call('SREM', P .. 'readers:' .. token, reader)
if redis.call('SCARD', P .. 'readers:' .. token) > 0 then return 1 end
if not (leads(name, token) and lives(ownerOf(token))) then
  release(name, token)
  redis.call('DEL', P .. 'items:' .. token)
  redis.call('HDEL', P .. 'wanted:' .. ownerOf(token), token)
end
return 1
`);

/** Ends an answer that nobody adds to any more, whatever became of it. Token, name, last entry for who reads it. */
const GIVE_UP = script(`
local token, name = ARGV[1], ARGV[2]
if redis.call('SCARD', P .. 'readers:' .. token) > 0 then
  redis.call('RPUSH', P .. 'items:' .. token, ARGV[3])
  redis.call('PEXPIRE', P .. 'items:' .. token, ${READ_MS})
end
redis.call('HDEL', P .. 'wanted:' .. ownerOf(token), token)
release(name, token)
return 1
`);

export const FLIGHT_SCRIPTS = {
  take: TAKE,
  beat: BEAT,
  passOn: PASS_ON,
  release: RELEASE,
  leave: LEAVE,
  giveUp: GIVE_UP,
} as const;

/** The slot that all keys are in. */
export const FLIGHT_KEY = '{causeway}:flight1:';
