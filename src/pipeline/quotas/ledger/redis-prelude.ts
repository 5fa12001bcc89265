import { type LuaScript, luaScript } from '../../../storage/counters/lua-script.ts';
import { KEPT_AFTER_MS } from './ledger.ts';

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
local DAY = ${KEPT_AFTER_MS}
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
local ms = math.floor(now / 1000)

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
  local value = now + whole
  if part > 1e-9 then value = string.format('%.0f', value) .. string.sub(string.format('%.9f', part), 2) end
  redis.call('SET', P .. 'r:' .. key, value, 'PX', math.ceil(debt / 1000) + slack)
end

-- A budget is kept for a day longer than its period; what ends later than that is counted nowhere.
local function isOver(endsAt) return endsAt > 0 and endsAt + DAY <= ms end

local function keepUntil(b, endsAt)
  if endsAt > 0 then redis.call('PEXPIRE', b, endsAt + DAY - ms) end
end

local mine = 'u:' .. me

local function use(key, endsAt, amount)
  if amount == 0 or isOver(endsAt) then return end
  local b = P .. 'b:' .. key
  local sum = redis.call('HINCRBY', b, 'u', amount)
  redis.call('HINCRBY', b, mine, amount)
  if sum == amount then keepUntil(b, endsAt) end
end

local function reserve(key, endsAt, amount)
  local b = P .. 'b:' .. key
  if amount == 0 or isOver(endsAt) then return tonumber(redis.call('HGET', b, 'r') or 0) end
  local sum = redis.call('HINCRBY', b, 'r', amount)
  -- It may be new; one that is used has been given its end before.
  if sum == amount and redis.call('HLEN', b) == 1 then keepUntil(b, endsAt) end
  return sum
end

-- What all have used and reserved.
local function sumsOf(key)
  local sums = redis.call('HMGET', P .. 'b:' .. key, 'u', 'r')
  return tonumber(sums[1] or 0), math.max(0, tonumber(sums[2] or 0))
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

/** A script that begins with all of this. */
export const script = (body: string): LuaScript => luaScript(PRELUDE + body);
