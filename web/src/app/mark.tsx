/** Keepwatch's mark: a keep with a light in it, seen from both sides. */
export const KeepMark = ({ size = 28 }: { size?: number }) => (
  <svg viewBox="0 0 32 32" width={size} height={size} className="shrink-0" aria-hidden>
    <rect width="32" height="32" rx="7.5" className="fill-brand" />
    <path d="M17 9.4 29 5.2v9.2zM15 9.4 3 5.2v9.2z" fill="#fff" opacity=".38" />
    <path
      d="M9.5 5h2.6v2h2.6V5h2.6v2h2.6V5h2.6v6.6h-1.7l1.6 13.2h1.9V27H7.7v-2.2h1.9l1.6-13.2H9.5z"
      fill="#fff"
    />
    <path d="M14.2 27v-4.2a1.8 1.8 0 0 1 3.6 0V27z" className="fill-brand" />
    <circle cx="16" cy="9.4" r="1.5" className="fill-brand" />
    <path d="M15.2 14h1.6v3.4h-1.6z" className="fill-brand" />
  </svg>
);
