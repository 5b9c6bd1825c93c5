import type { IntegrationWithKey } from "../../../lib/types.ts";
import { Button } from "../../../ui/button.tsx";
import { Code } from "../../../ui/code.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Markdown } from "../../../ui/markdown.tsx";

/** The key, this once, with how to set it up over there. */
export function KeyDialog({ made, onClose }: { made: IntegrationWithKey; onClose: () => void }) {
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Set up ${made.name}`}
      description="The key is shown this once. Lost, it is made anew on the integration's page."
      footer={
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <div>
          <h3 className="mb-1.5 text-sm font-medium">Address</h3>
          <Code label="Address" wrap>
            {made.url}
          </Code>
        </div>
        <div>
          <h3 className="mb-1.5 text-sm font-medium">Key</h3>
          <Code label="Key" wrap>
            {made.key}
          </Code>
        </div>
        <div className="min-w-0 text-sm [&_pre]:overflow-x-auto">
          <Markdown>{made.setup}</Markdown>
        </div>
      </div>
    </Dialog>
  );
}
