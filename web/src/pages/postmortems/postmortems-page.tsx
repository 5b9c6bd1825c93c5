import { PageHeader } from "../../ui/page-header.tsx";

export const PostmortemsPage = () => <PageHeader title="Postmortems" />;
