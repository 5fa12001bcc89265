import { script } from './redis-prelude.ts';

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
    local used, reserved = sumsOf(c[i + 1])
    out[#out + 1] = used
    out[#out + 1] = reserved
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
    used[k], seen[k] = sumsOf(c[i + 1])
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

/** What a call asks for. */
export const CALL_SCRIPTS = {
  look: script(LOOK),
  admit: script(ADMIT),
  settle: script(SETTLE),
  mark: script(MARK),
} as const;
