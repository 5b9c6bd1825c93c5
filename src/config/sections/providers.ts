import { findProviderKind, providerKinds } from "../../page/providers/index.ts";
import type { AnyProviderKind } from "../../page/providers/kind.ts";
import { putProvider, removeProvider } from "../../page/providers/providers.ts";
import { openFields } from "../../platform/sealed-fields.ts";
import { providerEntry } from "../document.ts";
import { describeIssue, unknownKey } from "../issues.ts";
import { hideSecrets, showSecrets } from "../secrets.ts";
import type { ConfigSection, Entry } from "../section.ts";
import { UNCHANGED } from "../variables.ts";
import { refuseFound } from "./refusals.ts";

interface Typed {
  slug: string;
  kind: AnyProviderKind;
  settings: Entry;
}

/** The settings stand beside slug and kind; they are checked with the kind's own schema. */
function typed(entry: Entry): Typed {
  const { slug, kind: id, ...settings } = providerEntry.parse(showSecrets(entry));
  const kind = findProviderKind(id);
  if (!kind) {
    const known = providerKinds.map((each) => each.id);
    refuseFound([
      { path: ["kind"], message: `there is no kind of provider "${id}"; there is: ${known.join(", ")}` },
    ]);
    throw new Error(`no kind ${id}`);
  }
  const parsed = kind.parse(settings);
  if (parsed.success) return { slug, kind, settings: parsed.data };
  // A secret that is to stay is not there yet: what stands in for it needn't look like one.
  const stays = (name: unknown) =>
    kind.secrets.includes(String(name)) && settings[String(name)] === UNCHANGED;
  const wrong = parsed.error.issues.filter(({ path }) => !stays(path[0]));
  if (wrong.length === 0) return { slug, kind, settings };
  const fields = kind.form.map(({ name }) => name);
  refuseFound(
    wrong.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: [key], message: unknownKey(key, fields) }))
        : describeIssue(undefined, issue),
    ),
  );
  throw new Error("a provider's settings were refused without a reason");
}

const canonical = ({ slug, kind, settings }: Typed): Entry => ({
  slug,
  kind: kind.id,
  ...hideSecrets(
    settings,
    kind.secrets.map((name) => `/${name}`),
  ),
});

const written = (entry: Entry) => {
  const { slug, kind, settings } = typed(entry);
  return { slug, kind: kind.id, settings, exact: true };
};

/** Accounts with those who carry messages. What the environment names is its own. */
export const providers: ConfigSection = {
  name: "providers",
  async read(db, { platform }) {
    const rows = await db
      .selectFrom("providers")
      .selectAll()
      .where("managed_by", "<>", "environment")
      .orderBy("slug")
      .execute();
    return rows.flatMap((row) => {
      const kind = findProviderKind(row.kind);
      if (!kind) return [];
      const settings = openFields(kind, row.settings, platform.secrets);
      return [
        {
          key: row.slug,
          managedBy: row.managed_by === "config" ? ("config" as const) : ("ui" as const),
          entry: canonical({ slug: row.slug, kind, settings }),
        },
      ];
    });
  },
  normalise: (entry) => canonical(typed(entry)),
  brief: (entry) => entry,
  create: async (tx, by, entry) => void (await putProvider(tx, by, written(entry))),
  async update(tx, by, { entry, before }) {
    if (entry.kind !== before.kind) await removeProvider(tx, by, { slug: String(entry.slug) });
    await putProvider(tx, by, written(entry));
  },
  remove: (tx, by, slug) => removeProvider(tx, by, { slug }),
};
