/** Where the sections are; stays beside them. */
export const Contents = ({
  entries,
}: {
  entries: readonly { id: string; title: string; open?: boolean }[];
}) => (
  <nav aria-label="Contents" className="sticky top-[calc(var(--header-h)+2rem)]">
    <ol className="flex flex-col border-l border-line text-sm">
      {entries.map(({ id, title, open }) => (
        <li key={id}>
          <a
            href={`#${id}`}
            className="-ml-px flex items-center gap-2 border-l border-transparent py-1 pl-3 text-muted hover:border-brand-text hover:text-text"
          >
            {title}
            {open && <span className="size-1.5 rounded-full bg-degraded-bar" title="still to write" />}
          </a>
        </li>
      ))}
    </ol>
  </nav>
);
