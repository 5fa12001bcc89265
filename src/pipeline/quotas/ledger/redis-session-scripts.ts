import { script } from './redis-prelude.ts';

/** A new session: whatever an old connection still sends is refused from here on. */
const BEGIN = `
redis.call('HSET', H, 'session', ARGV[2])
redis.call('ZADD', P .. 'live', ms + tonumber(ARGV[3]), me)
local epoch = redis.call('GET', P .. 'epoch')
if not epoch then return {'', 0} end
local run, since = string.match(epoch, '^(%S+) (%d+)$')
return {run, ms - tonumber(since)}
`;

const LOCK = `
if not isMine(ARGV[2]) then return -1 end
if redis.call('SET', P .. 'lock', ARGV[2], 'NX', 'PX', ARGV[3]) then return 1 end
return 0
`;

const UNLOCK = `
if redis.call('GET', P .. 'lock') == ARGV[2] then redis.call('DEL', P .. 'lock') end
return 1
`;

/**
 * Brings one other replica's sums up to those that are written down, if it has not agreed under this run by itself.
 * The difference in what it had reserved becomes a holding of its own, which may be negative: it comes back and disowns
 * it, or its lease ends and it is spent.
 */
const RESTORE = `
if redis.call('HGET', H, 'synced') == ARGV[3] then return 0 end
local held = {}
local all = redis.call('HGETALL', H)
for i = 1, #all, 2 do
  if all[i] ~= 'session' and all[i] ~= 'synced' then
    local _, portion, c = unpackHolding(all[i + 1])
    each(c, function(_, kind, j)
      if kind == 2 then held[c[j + 1]] = (held[c[j + 1]] or 0) + grantOf(c[j + 3], c[j + 4], portion) end
    end)
  end
end
for _, row in ipairs(cjson.decode(ARGV[5])) do
  local key, endsAt, sum, reserved = row[1], row[2], row[3], row[4]
  local had = tonumber(redis.call('HGET', P .. 'b:' .. key, mine) or 0)
  local gap
  if sum > had then
    -- What is written down is the later of the two: less may be held by now, too.
    use(key, endsAt, sum - had)
    gap = reserved - (held[key] or 0)
  else
    gap = math.max(0, sum + reserved - had - (held[key] or 0))
  end
  if gap ~= 0 then
    local id = 'restored:' .. key
    local before = redis.call('HGET', H, id)
    local amount = gap
    if before then
      local _, _, c = unpackHolding(before)
      amount = amount + c[4]
    end
    reserve(key, endsAt, gap)
    local n = string.format('%.0f', amount)
    redis.call('HSET', H, id, 's[2,' .. cjson.encode(key) .. ',0,' .. n .. ',' .. n .. ',1,' .. string.format('%.0f', endsAt) .. ']')
    redis.call('ZADD', P .. 'live', 'NX', ms + tonumber(ARGV[4]), me)
  end
end
return 1
`;

/** All sums are complete for this run of the server. */
const COMPLETE = `
if redis.call('GET', P .. 'lock') ~= ARGV[2] then return -1 end
redis.call('SET', P .. 'epoch', ARGV[3] .. ' ' .. string.format('%.0f', ms))
redis.call('DEL', P .. 'lock')
return 1
`;

/** Adds holdings that are missing, and corrects whether they wait. Pairs of id and value follow. */
const ADD = `
if not isMine(ARGV[2]) then return -1 end
for i = 3, #ARGV, 2 do
  local value = redis.call('HGET', H, ARGV[i])
  if not value then
    redis.call('HSET', H, ARGV[i], ARGV[i + 1])
    local _, portion, c = unpackHolding(ARGV[i + 1])
    each(c, function(_, kind, j)
      if kind == 1 then
        redis.call('INCR', P .. 'c:' .. c[j + 1])
      elseif kind == 2 then
        reserve(c[j + 1], c[j + 6], grantOf(c[j + 3], c[j + 4], portion))
      end
    end)
  elseif string.byte(value) ~= string.byte(ARGV[i + 1]) then
    redis.call('HSET', H, ARGV[i], string.sub(ARGV[i + 1], 1, 1) .. string.sub(value, 2))
  end
end
return 1
`;

/** Sets what this replica has used: {key, end, sum}. */
const SUMS = `
if not isMine(ARGV[2]) then return -1 end
for _, row in ipairs(cjson.decode(ARGV[3])) do
  use(row[1], row[2], row[3] - tonumber(redis.call('HGET', P .. 'b:' .. row[1], mine) or 0))
end
return 1
`;

/** Releases what this replica does not hold, and notes that it agrees under this run. */
const AGREE = `
if not isMine(ARGV[2]) then return -1 end
local held = { session = true, synced = true }
for _, id in ipairs(cjson.decode(ARGV[4])) do held[id] = true end
for _, id in ipairs(redis.call('HKEYS', H)) do
  if not held[id] then
    local _, portion, c = unpackHolding(redis.call('HGET', H, id))
    redis.call('HDEL', H, id)
    release(c, portion, nothing)
  end
end
redis.call('HSET', H, 'synced', ARGV[3])
return 1
`;

/** A sign of life. Says how many live, and a few whose lease is over. */
const BEAT = `
if not isMine(ARGV[2]) then return {-1} end
redis.call('ZADD', P .. 'live', ms + tonumber(ARGV[3]), me)
local out = redis.call('ZRANGEBYSCORE', P .. 'live', '-inf', string.format('%.0f', ms), 'LIMIT', 0, 8)
table.insert(out, 1, redis.call('ZCOUNT', P .. 'live', string.format('(%.0f', ms), '+inf'))
return out
`;

/**
 * Resolves what a replica held whose lease is over, a few hundred at a time: what was sent counts as spent in full,
 * what waited is given back. Says how many are left, and how its sums stand that changed: key, end, sum.
 */
const REAP = `
local over = redis.call('ZSCORE', P .. 'live', me)
if not over or tonumber(over) > ms then return {0} end
redis.call('HDEL', H, 'session', 'synced')
local changed = {}
local left = redis.call('HLEN', H)
local some = redis.call('HRANDFIELD', H, 200, 'WITHVALUES')
for i = 1, #some, 2 do
  redis.call('HDEL', H, some[i])
  left = left - 1
  local state, portion, c = unpackHolding(some[i + 1])
  release(c, portion, function(_, grant) return state == 's' and grant or 0 end)
  each(c, function(_, kind, j) if kind == 2 then changed[c[j + 1]] = c[j + 6] end end)
end
if left == 0 then redis.call('ZREM', P .. 'live', me) end
local out = {left}
for key, endsAt in pairs(changed) do
  out[#out + 1] = key
  out[#out + 1] = endsAt
  out[#out + 1] = tonumber(redis.call('HGET', P .. 'b:' .. key, mine) or 0)
end
return out
`;

/** A replica that holds nothing goes; one that does is left to its lease. */
const LEAVE = `
if not isMine(ARGV[2]) then return -1 end
for _, id in ipairs(redis.call('HKEYS', H)) do
  if id ~= 'session' and id ~= 'synced' then return 0 end
end
redis.call('DEL', H)
redis.call('ZREM', P .. 'live', me)
return 1
`;

/** What a replica asks for, by itself or on behalf of one that cannot. */
export const SESSION_SCRIPTS = {
  begin: script(BEGIN),
  lock: script(LOCK),
  unlock: script(UNLOCK),
  restore: script(RESTORE),
  complete: script(COMPLETE),
  add: script(ADD),
  sums: script(SUMS),
  agree: script(AGREE),
  beat: script(BEAT),
  reap: script(REAP),
  leave: script(LEAVE),
} as const;
