import { Button } from "../../ui/button.tsx";

/** The way on, and the way past it. */
export const StepFoot = ({
  onSkip,
  children,
}: {
  onSkip: (() => void) | undefined;
  children: React.ReactNode;
}) => (
  <div className="mt-8 flex flex-wrap items-center gap-3 max-sm:*:flex-1">
    {children}
    {onSkip && (
      <Button variant="ghost" size="lg" onClick={onSkip}>
        Skip this for now
      </Button>
    )}
  </div>
);
