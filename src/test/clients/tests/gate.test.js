// Sessions through the gate that end on revocation, and how each driver tells its program.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import pg from 'pg'
import postgres from 'postgres'
import { freePort } from '../suite.js'

// Those are of the other server.
for (const name of ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGOPTIONS']) delete process.env[name]

let folder
let sandbox
let admin
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-clients-'))
  const program = spawn(process.env.LATCHKEY, ['sandbox', '--json', '--dir', folder, '--port', String(await freePort())], {
    env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: program.stdout }).once('line', resolve)
    program.once('exit', () => reject(new Error('The sandbox has ended')))
  })
  const facts = JSON.parse(line)
  admin = new pg.Client({ host: facts.socketDir, port: 5432, user: 'postgres', database: facts.database })
  await admin.connect()
  sandbox = { program, ...facts }
})
after(async () => {
  await admin?.end()
  if (sandbox) {
    const ended = new Promise((resolve) => sandbox.program.once('exit', resolve))
    sandbox.program.kill('SIGTERM')
    await ended
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A token of somebody who may be support_ro for an hour; what ends it. */
async function letIn() {
  const email = `client-${Math.random().toString(36).slice(2)}@acme.io`
  const [{ id }] = (await admin.query(`select (latchkey.add_member($1, 'Client of a test')).user_id as id`, [email])).rows
  const [{ granted }] = (await admin.query(
    `select (latchkey.grant_access(p_user_id => $1, p_role => 'support_ro', p_expires_at => now() + interval '1 hour', p_reason => 'Test')).id as granted`,
    [id])).rows
  const [{ token }] = (await admin.query(
    `select latchkey.create_access_token(p_user_id => $1, p_name => 'Test', p_expires_at => now() + interval '1 hour') ->> 'token' as token`, [id])).rows
  const url = `postgresql://support_ro:${token}@${sandbox.host}:${sandbox.port}/${sandbox.database}`
  return { url, revoke: () => admin.query(`select latchkey.revoke_grant($1, 'Over')`, [granted]) }
}

test('pg: a waiting client gets an error event, and a query under way is rejected', async () => {
  const { url, revoke } = await letIn()
  const [waiting, working] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })]
  await Promise.all([waiting.connect(), working.connect()])
  const told = new Promise((resolve) => waiting.on('error', resolve))
  working.on('error', () => {})
  const rejected = assert.rejects(working.query('select pg_sleep(60)'))
  await revoke()
  assert.equal((await told).code, '57P01')
  await rejected
  await assert.rejects(new pg.Client({ connectionString: url }).connect(), { code: '28000' })
})

// It goes on trying to sign in for whatever is asked next, without end: a program that is told CONNECTION_CLOSED has to end() it.
test('postgres.js: a query under way is rejected, and nobody signs in again', async () => {
  const { url, revoke } = await letIn()
  const sql = postgres(url, { max: 1 })
  assert.equal((await sql`select current_user as role`)[0].role, 'support_ro')
  const rejected = assert.rejects(sql`select pg_sleep(60)`, { code: 'CONNECTION_CLOSED' })
  while ((await admin.query(`select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`)).rowCount === 0);
  await revoke()
  await rejected
  await sql.end({ timeout: 0 })
  const again = postgres(url, { max: 1 })
  await assert.rejects(again`select 1`, { code: '28000' })
  await again.end({ timeout: 0 })
})

test('psycopg: a query under way raises OperationalError, and the connection is closed', async () => {
  const { url, revoke } = await letIn()
  const program = `
import psycopg, sys
connection = psycopg.connect(sys.argv[1], autocommit=True)
print("ready", flush=True)
try:
    connection.execute("select pg_sleep(60)")
except psycopg.OperationalError:
    print("ended", connection.closed or connection.broken)
try:
    psycopg.connect(sys.argv[1])
except psycopg.OperationalError as refusal:
    print("refused")
`
  const python = spawn('/usr/bin/python3', ['-c', program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = []
  for await (const line of createInterface({ input: python.stdout })) {
    lines.push(line)
    if (line === 'ready') await revoke()
  }
  assert.deepEqual(lines, ['ready', 'ended True', 'refused'])
})
