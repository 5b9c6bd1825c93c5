import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { emptyDatabase } from "../../../test/support/database.ts";
import { openDatabase } from "./database.ts";
import { PreparedNames } from "./prepared.ts";
import { inTransaction } from "./transaction.ts";

test("a statement that is run often is prepared, one that is run now and then is not", async () => {
  await using database = await emptyDatabase();
  const { db, close } = openDatabase({ url: database.url, connections: 1 });
  try {
    await sql`create table things (id integer, name text)`.execute(db);
    const find = (id: number) => sql<{ name: string }>`select name from things where id = ${id}`.execute(db);
    const prepared = async () => {
      const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
        db,
      );
      return rows.map(({ statement }) => statement).filter((each) => each.includes("things"));
    };
    await find(1);
    assert.deepEqual(await prepared(), []);
    for (let id = 0; id < 5; id++) await find(id);
    assert.deepEqual(await prepared(), ["select name from things where id = $1"]);
  } finally {
    await close();
  }
});

test("a table that a newer program changes meanwhile costs nobody their transaction", async () => {
  await using database = await emptyDatabase();
  const { db, close } = openDatabase({ url: database.url, connections: 1 });
  try {
    await sql`create table things (id integer)`.execute(db);
    await sql`insert into things values (1)`.execute(db);
    const read = () =>
      inTransaction(db, (tx) => sql<object>`select * from things where id = ${1}`.execute(tx));
    for (let n = 0; n < 6; n++) await read();
    await sql`alter table things add column name text`.execute(db);
    assert.deepEqual((await read()).rows, [{ id: 1, name: null }]);
  } finally {
    await close();
  }
});

test("the names are bounded, however many statements there are", () => {
  const names = new PreparedNames();
  const given = new Set<string>();
  for (let statement = 0; statement < 500; statement++)
    for (let use = 0; use < 6; use++) given.add(names.nameFor(`select ${statement}`) ?? "none");
  assert.ok(given.size > 50 && given.size < 200, `${given.size}`);
});
