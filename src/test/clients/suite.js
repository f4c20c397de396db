// What the tests share: the server that .ci/clients has started, the stand-in for PostgREST, and proxies before it.

import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { SignJWT } from 'jose'
import pg from 'pg'
import { startPostgrest } from './postgrest.js'

export const account = 'acc00000-0000-4000-8000-000000000001'
export const otherAccount = 'acc00000-0000-4000-8000-000000000002'
export const user = '5e500000-0000-4000-8000-000000000001'
export const jwtSecret = process.env.JWT_SECRET

const { CLIENTS_PORT: port, CLIENTS_PASSWORD: password, PGHOST: socket } = process.env

/** A URL to sign in by, over TCP with a password. */
export const urlOf = (role, database = 'app') => `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`

/** One statement as the superuser, or as another role; answers its rows. */
export async function ask(text, values = [], { role, database = 'app' } = {}) {
  const client = new pg.Client(role ? { connectionString: urlOf(role, database) } : { host: socket, user: 'postgres', database })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/** What an API server signs: by default a sign-in of an hour. */
export const sign = (claims, lifetime = '1h') =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(jwtSecret))

export const signIn = () => sign({ role: 'authenticated', sub: user, email: 'anna@acme.io' })

export const startApi = (database = 'app') =>
  startPostgrest({ database: { connectionString: urlOf('authenticator', database) }, jwtSecret })

/** A key made by an operator: {id, key}. */
export async function makeKey(scopes = [{ entity_type: 'document', entity_id: '*', action: 'read' }], database = 'app') {
  const [{ made }] = await ask(
    `select create_api_key($1, 'Key of a test', $2) as made`, [account, JSON.stringify(scopes)], { role: 'keys_admin', database })
  return made
}

export async function makeProjectKey(kind) {
  const [{ made }] = await ask(`select latchkey.create_project_key($1, $2) as made`, [kind, `Project key ${kind}`], { role: 'keys_admin' })
  return made
}

export const client = (api, key, headers = {}) => createClient(api, key, { auth: { persistSession: false }, global: { headers } })

/** Runs a program to its end; answers what it wrote. */
export function run(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(out.trim()) : reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${err}${out}`)))
  })
}

export const psql = (role, file, variables = {}) =>
  run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...Object.entries(variables).flatMap(([k, v]) => ['-v', `${k}=${v}`]),
    '-d', role === 'postgres' ? 'app' : urlOf(role), '-f', file])

export async function freePort() {
  const server = net.createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A program that listens on a port until it is stopped. */
export async function startListener(command, args, port, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const ended = new Promise((resolve) => child.on('close', resolve))
  for (let tries = 0; !(await listens(port)); tries++) {
    if (tries === 200 || child.exitCode !== null) throw new Error(`${command} does not listen: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    said: () => said,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

const listens = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.end(() => resolve(true)))
    socket.on('error', () => resolve(false))
  })

/** The printed configuration with other ports, before the API. */
export async function startProxy(name, api) {
  const port = await freePort()
  const adapted = (text) => text.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`).replaceAll('127.0.0.1:3000', new URL(api).host)
  const printed = adapted(await readFile(new URL(`proxy/${name}`, import.meta.url), 'utf8'))
  const file = join(tmpdir(), `latchkey-${process.pid}-${port}-${name}`)
  if (name === 'Caddyfile') {
    await writeFile(file, `{\n\tadmin off\n\tauto_https off\n}\n${printed}`)
    return startListener('caddy', ['run', '--adapter', 'caddyfile', '--config', file], port, { HOME: tmpdir() })
  }
  await writeFile(
    file,
    `daemon off; pid ${file}.pid; error_log stderr; events {}
     http { access_log off; client_body_temp_path ${file}.body; proxy_temp_path ${file}.proxy; fastcgi_temp_path ${file}.fastcgi;
       uwsgi_temp_path ${file}.uwsgi; scgi_temp_path ${file}.scgi;
       ${printed} }`)
  return startListener('nginx', ['-c', file, '-e', 'stderr'], port)
}
