import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Provider, ProviderCheck, ProviderKindInfo } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { toast } from "../../ui/toast.tsx";
import { providerKindsQuery, providersQuery } from "./provider-queries.ts";

/** Adds a provider, or changes one. What is typed can be tried before it is kept; secrets stay unless they are typed anew. */
export function ProviderDialog({
  provider,
  onClose,
}: {
  provider: Provider | undefined;
  onClose: () => void;
}) {
  const kinds = useQuery(providerKindsQuery).data?.items ?? [];
  const [chosen, setChosen] = useState(provider?.kind ?? "");
  const kind = kinds.find(({ id }) => id === chosen) ?? kinds[0];
  const [slug, setSlug] = useState<string | null>(provider?.slug ?? null);
  const [settings, setSettings] = useState<Record<string, string>>(() => textsOf(provider));
  const formId = useId();
  const name = slug ?? kind?.id ?? "";
  const input = () => ({ kind: kind?.id, settings: given(settings) });
  const check = useMutation({
    mutationFn: () =>
      api.post<ProviderCheck>("/providers/check", {
        ...input(),
        ...(provider ? { slug: provider.slug } : {}),
      }),
  });
  const save = useMutation({
    mutationFn: () => api.put<Provider>(`/providers/${name}`, input()),
    onSuccess: async () => {
      await queryClient.invalidateQueries(providersQuery);
      void queryClient.invalidateQueries({ queryKey: ["channels"] });
      toast.done(`${name} is set up.`);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={provider ? `Change ${provider.slug}` : "Add a provider"}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button busy={check.isPending} onClick={() => check.mutate()}>
            Try it
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        problem={save.error ?? check.error}
        onSubmit={() => save.mutate()}
        className="flex flex-col gap-5"
      >
        <FormProblem problem={save.error ?? check.error} />
        {!provider && (
          <div className="grid gap-5 sm:grid-cols-2">
            <Select
              label="Kind"
              pointer="/kind"
              value={kind?.id ?? ""}
              onChange={(next) => {
                setChosen(next);
                setSettings({});
                check.reset();
              }}
              options={kinds.map(({ id, label }) => ({ value: id, label }))}
            />
            <Input
              label="Slug"
              pointer="/slug"
              help="Its name here and in configuration files."
              mono
              value={name}
              onChange={(event) => setSlug(event.target.value)}
            />
          </div>
        )}
        {kind && <SettingFields {...{ kind, settings, setSettings }} isKept={provider !== undefined} />}
        {check.data && <Checked check={check.data} />}
        {kind && (
          <details>
            <summary className="text-sm font-medium">How to get it</summary>
            <div className="pt-2 text-sm">
              <Markdown>{kind.docs}</Markdown>
            </div>
          </details>
        )}
      </Form>
    </Dialog>
  );
}

const textsOf = (provider: Provider | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(provider?.settings ?? {}).map(([key, value]) => [key, String(value)]));

/** What was emptied is left out. */
const given = (settings: Record<string, string>) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value.trim() !== ""));

const SettingFields = ({
  kind,
  settings,
  setSettings,
  isKept,
}: {
  kind: ProviderKindInfo;
  settings: Record<string, string>;
  setSettings: (settings: Record<string, string>) => void;
  isKept: boolean;
}) =>
  kind.form.map(({ name, label, help, type, required }) => (
    <Input
      key={`${kind.id} ${name}`}
      label={label}
      help={help}
      pointer={`/settings/${name}`}
      optional={!required}
      type={type === "secret" ? "password" : type}
      autoComplete={type === "secret" ? "new-password" : "off"}
      placeholder={isKept && type === "secret" ? "Stays as it is" : undefined}
      mono={type === "url"}
      value={settings[name] ?? ""}
      onChange={(event) => setSettings({ ...settings, [name]: event.target.value })}
    />
  ));

const Checked = ({ check: { ok, text } }: { check: ProviderCheck }) => (
  <p
    role="status"
    className={
      ok
        ? "flex items-start gap-2 rounded-md bg-up-soft px-3 py-2 text-sm text-up"
        : "flex items-start gap-2 rounded-md bg-down-soft px-3 py-2 text-sm text-down"
    }
  >
    {ok ? (
      <CircleCheck size={16} className="mt-0.5 shrink-0" aria-hidden />
    ) : (
      <TriangleAlert size={16} className="mt-0.5 shrink-0" aria-hidden />
    )}
    {text}
  </p>
);
