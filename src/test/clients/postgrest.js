// A small stand-in for PostgREST, written from its documentation: what it does with a request's token, role, settings,
// transaction and errors, for tables of schema public with simple filters and for functions by named arguments. What it
// does not know it refuses with PGRST100, and never guesses. It keeps no cache of the schema: it looks at each request.

import http from 'node:http'
import pg from 'pg'
import { jwtVerify, errors } from 'jose'

const identifier = (name) => pg.escapeIdentifier(name)

/** An answer that is not that of the statement: status and body as PostgREST writes them. */
class Refusal extends Error {
  constructor(status, code, message, { details = null, hint = null, headers = {} } = {}) {
    super(message)
    Object.assign(this, { status, headers, body: { code, message, details, hint } })
  }
}

/** Listens on a free port of loopback; ends with close(). */
export async function startPostgrest({ database, jwtSecret, anonRole = 'anon' }) {
  const pool = new pg.Pool({ ...database, max: 10 })
  const secret = new TextEncoder().encode(jwtSecret)
  const server = http.createServer((request, response) => {
    respond(pool, secret, anonRole, request)
      .catch((error) => answerOf(error))
      .then(({ status, headers = {}, body }) => {
        const text = body === undefined ? '' : JSON.stringify(body)
        response.writeHead(status, { ...(text && { 'Content-Type': 'application/json; charset=utf-8' }), ...headers })
        response.end(request.method === 'HEAD' ? '' : text)
      })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await pool.end()
    },
  }
}

async function respond(pool, secret, anonRole, request) {
  const url = new URL(request.url, 'http://localhost')
  // supabase-js puts PostgREST below this path, as Supabase's gateway does.
  const path = url.pathname.replace(/^\/rest\/v1/, '')
  const claims = await claimsOf(request, secret)
  const role = claims.role ?? anonRole
  const body = await jsonBody(request)
  const client = await pool.connect()
  let broken
  try {
    const statement = path.startsWith('/rpc/')
      ? await functionCall(client, decodeURIComponent(path.slice(5)), request, url, body)
      : tableStatement(decodeURIComponent(path.slice(1)), request, url, body)
    return await inTransaction(client, statement, { request, path, role, anonRole, claims: { role, ...claims } })
  } catch (error) {
    broken = error.code?.startsWith('57P') || error.code?.startsWith('08') || undefined
    throw error
  } finally {
    client.release(broken)
  }
}

async function claimsOf(request, secret) {
  const token = request.headers.authorization?.match(/^bearer (.*)$/i)?.[1]
  if (token === undefined) return {}
  const challenge = { headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } }
  try {
    return (await jwtVerify(token, secret, { algorithms: ['HS256'] })).payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal(401, 'PGRST303', 'JWT expired', challenge)
    if (error instanceof errors.JWTClaimValidationFailed) throw new Refusal(401, 'PGRST303', error.message, challenge)
    throw new Refusal(401, 'PGRST301', 'The token is no JWT that this server signed', challenge)
  }
}

async function jsonBody(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  if (chunks.length === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks))
  } catch {
    throw new Refusal(400, 'PGRST102', 'Empty or invalid json')
  }
}

/** Each request is one transaction: role and settings first, then db-pre-request, then the statement. */
async function inTransaction(client, statement, { request, path, role, anonRole, claims }) {
  await client.query(statement.readOnly ? 'begin isolation level read committed read only' : 'begin isolation level read committed')
  try {
    const preRequest = await preRequestFunction(client)
    const { cookie, ...headers } = request.headers
    await client.query(
      `select set_config('search_path', 'public', true), set_config('role', $1, true),
         set_config('request.jwt.claims', $2, true), set_config('request.method', $3, true),
         set_config('request.path', $4, true), set_config('request.headers', $5, true),
         set_config('request.cookies', $6, true)`,
      [role, JSON.stringify(claims), request.method, path, JSON.stringify(headers), JSON.stringify(cookie ? { cookie } : {})])
    if (preRequest) await client.query(`select ${preRequest}()`)
    const result = await client.query(statement.text, statement.values)
    const answer = statement.answer(result.rows)
    await client.query('commit')
    return answer
  } catch (error) {
    await client.query('rollback').catch(() => {})
    // Whether a request is signed in, PostgREST knows from its token alone: pre-request may have changed the role since.
    if (!(error instanceof Refusal)) error.signedIn = role !== anonRole
    throw error
  }
}

async function preRequestFunction(client) {
  const { rows } = await client.query(
    `select substr(c.setting, length('pgrst.db_pre_request=') + 1) as name
     from pg_db_role_setting as s, unnest(s.setconfig) as c (setting)
     where s.setrole = session_user::regrole and c.setting like 'pgrst.db\\_pre\\_request=%'
       and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
     order by s.setdatabase desc limit 1`)
  return rows[0]?.name && rows[0].name.split('.').map(identifier).join('.')
}

/** Of the functions of that name, the one that has every argument of the request and no other without a default. */
async function functionCall(client, name, request, url, body) {
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) throw new Refusal(405, 'PGRST101', 'Only GET, HEAD and POST call functions')
  const given = request.method === 'POST' ? body ?? {} : Object.fromEntries(url.searchParams)
  const names = Object.keys(given)
  const { rows } = await client.query(
    `select p.oid, p.provolatile as volatility, p.proretset as is_set, t.typtype as result_kind, t.typname as result,
       (select array_agg(a.name order by a.place) from unnest(p.proargnames) with ordinality as a (name, place)
        where a.place <= p.pronargs) as names,
       array(select format_type(a.type, null) from unnest(p.proargtypes) with ordinality as a (type, place) order by a.place) as types,
       p.pronargs - p.pronargdefaults as required
     from pg_proc as p join pg_type as t on t.oid = p.prorettype
     where p.pronamespace = 'public'::regnamespace and p.proname = $1 and p.prokind = 'f'`,
    [name])
  const fitting = rows.filter(
    (f) => names.every((n) => f.names?.includes(n)) && (f.names ?? []).slice(0, f.required).every((n) => names.includes(n)))
  const signature = `public.${name}(${names.join(', ')})`
  if (fitting.length === 0) throw new Refusal(404, 'PGRST202', `Could not find the function ${signature} in the schema cache`)
  if (fitting.length > 1) throw new Refusal(300, 'PGRST203', `Could not choose the best candidate function for ${signature}`)

  const f = fitting[0]
  const typed = names.map((n) => `${identifier(n)} ${f.types[f.names.indexOf(n)]}`).join(', ')
  const named = names.map((n) => `${identifier(n)} := a.${identifier(n)}`).join(', ')
  const source = names.length > 0 ? `json_to_record($1) as a (${typed}), lateral` : ''
  return {
    readOnly: request.method !== 'POST' || f.volatility !== 'v',
    text: `select to_json(r) as value from ${source} public.${identifier(name)}(${named}) as r`,
    values: names.length > 0 ? [JSON.stringify(given)] : [],
    answer: (found) => {
      if (f.result === 'void') return { status: 204 }
      const values = found.map((row) => row.value)
      return one(request, { status: 200, body: f.is_set ? values : values[0] ?? null })
    },
  }
}

function tableStatement(table, request, url, body) {
  const source = `public.${identifier(table)}`
  const values = []
  const where = []
  const ending = []
  let columns = '*'
  for (const [key, value] of url.searchParams) {
    if (key === 'select') columns = value === '*' ? '*' : value.split(',').map(identifier).join(', ')
    else if (key === 'order') ending.push(`order by ${value.split(',').map(order).join(', ')}`)
    else if (key === 'limit' || key === 'offset') ending.push(`${key} ${Number.parseInt(value, 10)}`)
    else if (key !== 'columns') where.push(condition(key, value, values))
  }
  const filters = where.length > 0 ? ` where ${where.join(' and ')}` : ''
  const wantsRows = /return=representation/.test(request.headers.prefer ?? '')
  const returning = wantsRows ? ` returning ${columns}` : ''
  const wrapped = (text) => (wantsRows ? `with r as (${text}) select to_json(r) as value from r` : text)
  const changed = (status) => (rows) =>
    wantsRows ? one(request, { status, body: rows.map((r) => r.value) }) : { status: status === 200 ? 204 : status }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return {
        readOnly: true,
        text: `select to_json(r) as value from (select ${columns} from ${source}${filters} ${ending.join(' ')}) as r`,
        values,
        answer: (rows) => one(request, { status: 200, body: rows.map((r) => r.value) }),
      }
    case 'POST': {
      const rows = [body ?? {}].flat()
      const names = Object.keys(rows[0]).map(identifier).join(', ')
      return {
        text: wrapped(`insert into ${source} (${names}) select ${names} from json_populate_recordset(null::${source}, $1)${returning}`),
        values: [JSON.stringify(rows)],
        answer: changed(201),
      }
    }
    case 'PATCH': {
      const names = Object.keys(body ?? {}).map(identifier)
      values.push(JSON.stringify(body))
      const set = names.map((n) => `${n} = (select b.${n} from json_populate_record(null::${source}, $${values.length}) as b)`)
      return { text: wrapped(`update ${source} set ${set.join(', ')}${filters}${returning}`), values, answer: changed(200) }
    }
    case 'DELETE':
      return { text: wrapped(`delete from ${source}${filters}${returning}`), values, answer: changed(200) }
    default:
      throw new Refusal(405, 'PGRST117', `Unsupported HTTP method: ${request.method}`)
  }
}

function order(term) {
  const [column, direction = 'asc', ...more] = term.split('.')
  if (!['asc', 'desc'].includes(direction) || more.length > 0) throw new Refusal(400, 'PGRST100', `order: ${term}`)
  return `${identifier(column)} ${direction}`
}

const operators = { eq: '=', neq: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' }

function condition(column, filter, values) {
  const dot = filter.indexOf('.')
  const [operator, value] = [filter.slice(0, dot), filter.slice(dot + 1)]
  if (operator === 'is' && value === 'null') return `${identifier(column)} is null`
  if (!(operator in operators)) throw new Refusal(400, 'PGRST100', `${column}: ${filter}`)
  values.push(value)
  return `${identifier(column)} ${operators[operator]} $${values.length}`
}

/** A client that asks for one object gets it, or PGRST116. */
function one(request, answer) {
  if (!request.headers.accept?.startsWith('application/vnd.pgrst.object') || !Array.isArray(answer.body)) return answer
  if (answer.body.length === 1) return { ...answer, body: answer.body[0] }
  throw new Refusal(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', {
    details: `The result contains ${answer.body.length} rows`,
  })
}

function answerOf(error) {
  if (error instanceof Refusal) return error
  if (error.code === 'PGRST') {
    const { status, headers } = JSON.parse(error.detail)
    const { code, message, details = null, hint = null } = JSON.parse(error.message)
    return { status, headers, body: { code, message, details, hint } }
  }
  if (typeof error.code !== 'string') {
    return { status: 500, body: { code: 'PGRST000', message: error.message, details: null, hint: null } }
  }
  const status = statusOf(error)
  return {
    status,
    headers: status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {},
    body: { code: error.code, message: error.message, details: error.detail ?? null, hint: error.hint ?? null },
  }
}

// The table of "Errors" in PostgREST's documentation; the first that fits.
const statuses = [
  ['08', 503], ['09', 500], ['0L', 403], ['0P', 403], ['23503', 409], ['23505', 409], ['25006', 405], ['25', 500], ['28', 403],
  ['2D', 500], ['38', 500], ['39', 500], ['3B', 500], ['40', 500], ['53400', 500], ['53', 503], ['54', 500], ['55', 500],
  ['57', 500], ['58', 500], ['F0', 500], ['HV', 500], ['P0001', 400], ['P0', 500], ['XX', 500], ['42883', 404], ['42P01', 404],
  ['42P17', 500],
]

function statusOf({ code, signedIn }) {
  if (code === '42501') return signedIn ? 403 : 401
  if (/^PT[1-5]\d\d$/.test(code)) return Number(code.slice(2))
  return statuses.find(([beginning]) => code.startsWith(beginning))?.[1] ?? 400
}
