import { luaScript } from '../../../storage/counters/lua-script.ts';

/**
 * What Redis runs, each script in one step that nobody can come between. Keys, all after `{causeway}:`
 *
 * - `r:<key>`: of a rate, the time at which it is at rest, in microseconds of the epoch with nine decimals.
 * - `c:<key>`: of concurrency, calls under way. None where 0.
 * - `b:<key>`: of a budget, a hash: `u` used by all, `r` reserved by all, `u:<replica>` used by one.
 * - `h:<replica>`: what a replica holds: id → state (`s` sent, `w` waiting), portion where not 1, claims as JSON; beside
 *   it `session`, which every change has to name, and `synced`, the server's run under which the replica last agreed.
 * - `live`: replicas by the time at which their lease is over, in milliseconds.
 * - `epoch`: the server's run for which all sums are known to be complete, and since when; `lock`: who completes them.
 *
 * `r` of budgets and `c` are always the sums over all `h`, and `u` over all `u:<replica>`; each script keeps that.
 * Claims come as one flat list, see `redis-codec.ts`. The first argument of all is the time in microseconds where a test
 * sets it, else empty.
 */
const PRELUDE = `
local P = '{causeway}:'
local DAY = 86400000
local H = KEYS[1]
local me = string.sub(H, 14)

local now
local slack = 1
if ARGV[1] ~= '' then
  -- Time of a test: what expires by the server's own clock has to stay.
  now = tonumber(ARGV[1])
  slack = 3600000
else
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Microseconds until a rate is at rest.
local function debtOf(key)
  local text = redis.call('GET', P .. 'r:' .. key)
  if not text then return 0 end
  local dot = string.find(text, '.', 1, true)
  local debt
  if dot then
    debt = tonumber(string.sub(text, 1, dot - 1)) - now + tonumber('0' .. string.sub(text, dot))
  else
    debt = tonumber(text) - now
  end
  return debt > 0 and debt or 0
end

-- Whole microseconds and their fraction apart: together they are more than a number holds.
local function setDebt(key, debt)
  if debt < 1e-6 then
    redis.call('DEL', P .. 'r:' .. key)
    return
  end
  local whole = math.floor(debt + 5e-10)
  local part = debt - whole
  local text = string.format('%.0f', now + whole)
  if part > 1e-9 then text = text .. string.sub(string.format('%.9f', part), 2) end
  redis.call('SET', P .. 'r:' .. key, text, 'PX', string.format('%.0f', math.ceil(debt / 1000) + slack))
end

-- A budget that was not there is kept for a day longer than its period.
local function keepUntil(b, endsAt)
  if endsAt > 0 then redis.call('PEXPIRE', b, string.format('%.0f', math.max(0, endsAt + DAY - math.floor(now / 1000)))) end
end

local function use(key, endsAt, amount)
  if amount == 0 then return end
  local b = P .. 'b:' .. key
  local sum = redis.call('HINCRBY', b, 'u', amount)
  redis.call('HINCRBY', b, 'u:' .. me, amount)
  if sum == amount then keepUntil(b, endsAt) end
end

local function reserve(key, endsAt, amount)
  local b = P .. 'b:' .. key
  if amount == 0 then return tonumber(redis.call('HGET', b, 'r') or 0) end
  local sum = redis.call('HINCRBY', b, 'r', amount)
  if sum < 0 then
    redis.call('HSET', b, 'r', 0)
    sum = 0
  end
  if sum == amount or sum == 0 then
    if redis.call('PTTL', b) == -1 then keepUntil(b, endsAt) end
  end
  return sum
end

local function leavePlace(key)
  if redis.call('DECR', P .. 'c:' .. key) <= 0 then redis.call('DEL', P .. 'c:' .. key) end
end

local function grantOf(amount, least, portion)
  if portion >= 1 then return amount end
  return least + math.floor((amount - least) * portion)
end

local function unpackHolding(value)
  local from = string.find(value, '[', 1, true)
  return string.sub(value, 1, 1), tonumber(string.sub(value, 2, from - 1)) or 1, cjson.decode(string.sub(value, from))
end

-- Calls on each claim of a holding: its place in it, its kind, and where in the list it begins.
local function each(c, visit)
  local i, k = 1, 0
  while c[i] do
    local kind = c[i]
    k = k + 1
    visit(k, kind, i)
    i = i + (kind == 0 and 5 or kind == 1 and 3 or 7)
  end
end

-- Gives back places and reservations. spentOf(k, grant) says what a budget's sum gets in their place.
local function release(c, portion, spentOf)
  each(c, function(k, kind, i)
    if kind == 1 then
      leavePlace(c[i + 1])
    elseif kind == 2 then
      local grant = grantOf(c[i + 3], c[i + 4], portion)
      reserve(c[i + 1], c[i + 6], -grant)
      use(c[i + 1], c[i + 6], spentOf(k, grant))
    end
  end)
end

local function nothing() return 0 end

-- Rates: what comes on top counts from now on, what is given back from when it was taken.
local function correctRates(c, actual)
  each(c, function(k, kind, i)
    if kind == 0 and c[i + 2] > 0 and actual[k] ~= c[i + 4] then
      setDebt(c[i + 1], debtOf(c[i + 1]) + (actual[k] - c[i + 4]) * c[i + 2])
    end
  end)
end

-- Settlements, each {id, actual of each claim}; one that is not held any more was settled before.
local function settle(list, isCounted)
  for _, one in ipairs(cjson.decode(list)) do
    local id = table.remove(one, 1)
    local value = redis.call('HGET', H, id)
    if value then
      redis.call('HDEL', H, id)
      local _, portion, c = unpackHolding(value)
      correctRates(c, one)
      release(c, portion, isCounted and nothing or function(k) return one[k] end)
    end
  end
end

local function isMine(session) return redis.call('HGET', H, 'session') == session end
`;

/** Looks at all claims, changes nothing, and says how each stands. */
const LOOK = `
local c = cjson.decode(ARGV[2])
local out = {}
each(c, function(_, kind, i)
  if kind == 0 then
    out[#out + 1] = math.floor(debtOf(c[i + 1]) * 1000 + 0.5)
  elseif kind == 1 then
    out[#out + 1] = tonumber(redis.call('GET', P .. 'c:' .. c[i + 1]) or 0)
  else
    local sums = redis.call('HMGET', P .. 'b:' .. c[i + 1], 'u', 'r')
    out[#out + 1] = tonumber(sums[1] or 0)
    out[#out + 1] = tonumber(sums[2] or 0)
  end
end)
return out
`;

/**
 * Settles what it is given, then takes all claims or none: first all are looked at, then all are taken.
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
const ADMIT = `
if not isMine(ARGV[2]) then return {-1} end
if ARGV[5] ~= '' then settle(ARGV[5], false) end
local c = cjson.decode(ARGV[4])
local seen, used = {}, {}
local at, waitNs, portion = 0, -1, 1
each(c, function(k, kind, i)
  if kind == 0 then
    local debt = debtOf(c[i + 1])
    seen[k] = debt
    -- A hundredth of a microsecond is what reading numbers costs.
    local over = debt - (c[i + 3] - math.min(c[i + 4], c[i + 3])) * c[i + 2]
    if over > 0.01 and at == 0 then
      at = k
      waitNs = math.floor(over * 1000 + 0.5)
    end
  elseif kind == 1 then
    seen[k] = tonumber(redis.call('GET', P .. 'c:' .. c[i + 1]) or 0)
    if seen[k] >= c[i + 2] and at == 0 then at = k end
  else
    local sums = redis.call('HMGET', P .. 'b:' .. c[i + 1], 'u', 'r')
    used[k] = tonumber(sums[1] or 0)
    seen[k] = tonumber(sums[2] or 0)
    local room = c[i + 2] - used[k] - seen[k]
    local amount, least = c[i + 3], c[i + 4]
    if c[i + 5] == 1 then
      if room < least then
        if at == 0 then at = k end
      elseif room < amount then
        portion = math.min(portion, (room - least) / (amount - least))
      end
    elseif room <= 0 and at == 0 then
      at = k
    end
  end
end)
if at == 0 then
  each(c, function(k, kind, i)
    if kind == 0 then
      if c[i + 4] > 0 then
        seen[k] = seen[k] + c[i + 4] * c[i + 2]
        setDebt(c[i + 1], seen[k])
      end
    elseif kind == 1 then
      seen[k] = redis.call('INCR', P .. 'c:' .. c[i + 1])
    else
      seen[k] = reserve(c[i + 1], c[i + 6], grantOf(c[i + 3], c[i + 4], portion))
    end
  end)
end
local share = '1'
if portion < 1 then share = string.format('%.17g', portion) end
if at == 0 then redis.call('HSET', H, ARGV[3], 's' .. (portion < 1 and share or '') .. ARGV[4]) end
local out = {at, waitNs, share}
each(c, function(k, kind)
  if kind == 0 then
    out[#out + 1] = math.floor(seen[k] * 1000 + 0.5)
  else
    if kind == 2 then out[#out + 1] = used[k] end
    out[#out + 1] = seen[k]
  end
end)
return out
`;

const SETTLE = `
if not isMine(ARGV[2]) then return -1 end
settle(ARGV[3], ARGV[4] == 'counted')
return 1
`;

/** Whether a holding was sent or waits. */
const MARK = `
if not isMine(ARGV[2]) then return -1 end
local value = redis.call('HGET', H, ARGV[3])
if value then redis.call('HSET', H, ARGV[3], ARGV[4] .. string.sub(value, 2)) end
return 1
`;

/** A new session: whatever an old connection still sends is refused from here on. */
const BEGIN = `
redis.call('HSET', H, 'session', ARGV[2])
redis.call('ZADD', P .. 'live', math.floor(now / 1000) + tonumber(ARGV[3]), me)
local epoch = redis.call('GET', P .. 'epoch')
if not epoch then return {'', 0} end
local run, since = string.match(epoch, '^(%S+) (%d+)$')
return {run, math.floor(now / 1000) - tonumber(since)}
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
 * What it had reserved becomes a holding of its own: it comes back and disowns it, or its lease ends and it is spent.
 */
const RESTORE = `
if redis.call('GET', P .. 'lock') ~= ARGV[2] then return -1 end
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
  local had = tonumber(redis.call('HGET', P .. 'b:' .. key, 'u:' .. me) or 0)
  if sum > had then use(key, endsAt, sum - had) end
  local gap = sum + reserved - math.max(sum, had) - (held[key] or 0)
  if gap > 0 then
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
    redis.call('ZADD', P .. 'live', 'NX', math.floor(now / 1000) + tonumber(ARGV[4]), me)
  end
end
return 1
`;

/** All sums are complete for this run of the server. */
const COMPLETE = `
if redis.call('GET', P .. 'lock') ~= ARGV[2] then return -1 end
redis.call('SET', P .. 'epoch', ARGV[3] .. ' ' .. string.format('%.0f', math.floor(now / 1000)))
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
  use(row[1], row[2], row[3] - tonumber(redis.call('HGET', P .. 'b:' .. row[1], 'u:' .. me) or 0))
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
local ms = math.floor(now / 1000)
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
if not over or tonumber(over) > math.floor(now / 1000) then return {0} end
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
  out[#out + 1] = tonumber(redis.call('HGET', P .. 'b:' .. key, 'u:' .. me) or 0)
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

const script = (body: string) => luaScript(PRELUDE + body);

export const SCRIPTS = {
  look: script(LOOK),
  admit: script(ADMIT),
  settle: script(SETTLE),
  mark: script(MARK),
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
