import { PageHeader } from "../../ui/page-header.tsx";

export const OnCallPage = () => <PageHeader title="On call" />;
